// supervised-step.ts — the rung of the supervisor: one step told to it, its log, its limits. What the end means is run-step.ts's.
import { availableParallelism } from 'node:os'
import { stepEnvironment } from '../environment.ts'
import type { HostView } from '../host-tools.ts'
import { LogSink } from '../process/log-sink.ts'
import type { Ended, Stop } from '../process/supervise.ts'
import { BUILD_DIRECTORY } from '../rung/rung.ts'
import { ownMounts, viewMounts, waitingCommand } from '../step/place.ts'
import { isLayered, type StepPlace, type StepSpec } from '../step/spec.ts'
import type { RoomKind, StepStart, SupervisedEnd } from './message.ts'
import { requireProgram, zygoteLibrary } from './program.ts'
import { Supervisor } from './supervisor.ts'

/** More would be made than a chain of steps can take up; a Node that waits and is no copy has 45 MB. */
const MOST_WAITING = Math.min(4, availableParallelism())

/** One for each home that this process builds in, started with its first step. */
const supervisors = new Map<string, Supervisor>()

export function supervisorOf(home: string): Supervisor {
  const known = supervisors.get(home)
  if (known !== undefined && !known.isGone) return known
  const started = new Supervisor(requireProgram(home), 'steps', zygoteLibrary(home))
  supervisors.set(home, started)
  return started
}

/** Ends the rooms that wait for steps which did not come. */
export function endWaiting(home: string): void {
  supervisors.get(home)?.endWaiting()
}

/** As Supervisor.memory. */
export async function memoryOver(
  home: string,
  directory: string,
  sizeBytes: number,
): Promise<string | undefined> {
  try {
    return await supervisorOf(home).memory(directory, sizeBytes)
  } catch {
    return undefined // the step says that the supervisor is lost, if it still is
  }
}

/** @throws CodedError TN3003 when the supervisor is lost. */
export async function superviseStep(spec: StepSpec, place: StepPlace): Promise<Ended> {
  if (spec.signal.aborted) return { stop: 'cancelled', code: null, signal: null }
  const sink = new LogSink(spec.logFile, spec.maxLogBytes, spec.onLine)
  let stop: Stop | null = null
  const stopFor = (why: Stop): void => {
    stop ??= why
    step.kill()
  }
  const cancel = (): void => stopFor('cancelled')
  const start = startOf(spec, place, kindOf(spec))
  const supervisor = supervisorOf(spec.home)
  const onLog = (bytes: Buffer): void => {
    if (stop === null && !sink.write(bytes)) stopFor('log-too-large')
  }
  const toWait = Math.min(spec.toCome, supervisor.started + 1, MOST_WAITING)
  const step = supervisor.start(start, onLog, toWait)
  spec.signal.addEventListener('abort', cancel)
  try {
    const { reason, code, signal, leftNoMarks } = await step.ended
    place.hasNoMarks = leftNoMarks
    return { stop: stopOf(reason, stop), code, signal }
  } finally {
    spec.signal.removeEventListener('abort', cancel)
    sink.close()
  }
}

/** A shell knows its process number by heart, so a copy of it would tell a wrong one. */
function readinessOf({ interpreter }: StepSpec): 'stops' | 'copies' {
  return interpreter === 'sh' ? 'stops' : 'copies'
}

/** A step that ended by itself before it could be killed did so. */
function stopOf(reason: SupervisedEnd['reason'], wanted: Stop | null): Stop | null {
  switch (reason) {
    case 'timed-out':
      return 'timed-out'
    case 'killed':
      return wanted
    case 'ended':
      return wanted === 'log-too-large' ? wanted : null
  }
}

/** A command in the step's place with the caller's terminal; its exit code, 128 + n when signal n ended it. */
export async function enterSupervised(
  spec: StepSpec,
  place: StepPlace,
  command: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<SupervisedEnd> {
  const { readiness: _, ...kind } = makeKind(spec)
  const environment = { ...kind.environment, ...variables }
  const start = startOf(spec, place, { ...kind, command, environment })
  const terminal = new Supervisor(requireProgram(spec.home), 'terminal')
  return await terminal.start({ ...start, timeoutMs: 0 }, () => undefined).ended
}

function startOf(spec: StepSpec, place: StepPlace, kind: RoomKind): StepStart {
  const overlays = spec.workTrees.filter(isLayered)
  return { kind, ownMounts: ownMounts(spec, place), overlays, timeoutMs: spec.timeoutMs }
}

/** By view, and what else it depends on: the same object each time. */
const kinds = new WeakMap<HostView, Map<string, RoomKind>>()

function kindOf(spec: StepSpec): RoomKind {
  const { view, interpreter, network, toolTrees, home } = spec
  if (network) return makeKind(spec) // the machine's own settings are looked for each time
  const known = kinds.get(view) ?? new Map<string, RoomKind>()
  kinds.set(view, known)
  const question = [home, interpreter, ...toolTrees].join('\0')
  const kind = known.get(question) ?? makeKind(spec)
  known.set(question, kind)
  return kind
}

function makeKind(spec: StepSpec): RoomKind {
  return {
    root: spec.view.directory,
    mounts: viewMounts(spec),
    network: spec.network,
    directory: BUILD_DIRECTORY,
    environment: stepEnvironment(spec.toolTrees),
    command: waitingCommand(spec),
    readiness: readinessOf(spec),
  }
}
