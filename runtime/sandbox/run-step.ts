// run-step.ts — runs one step in isolation and says how it ended. What its answer means is the engine's and validate's.
import { closeSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { NEVER_INHERITED } from './environment.ts'
import { variablesScript } from './interpreter/sh.ts'
import { readAnswer, readEnding } from './step/answer.ts'
import { interpreterCommand, prepareStepPlace } from './step/place.ts'
import { type CommandRung, type StepCommand, stepCommand } from './step/command.ts'
import { toPhysical } from './step/path-translation.ts'
import { hasOwnRoot } from './rung/rung.ts'
import type { StepExit, StepPlace, StepSpec } from './step/spec.ts'
import { signalName, signalNumber } from './process/signal.ts'
import { supervise, type Ended } from './process/supervise.ts'
import { enterSupervised, superviseStep } from './supervisor/supervised-step.ts'

export { endWaiting } from './supervisor/supervised-step.ts'
export { physicalOf } from './step/logical-path.ts'
export type { StepExit, StepPlace, StepSpec } from './step/spec.ts'

/**
 * Runs the step and, when this resolves, nothing of it runs any more.
 * @throws CodedError TN3001 when the sandbox itself could not be set up, TN3002 when the rung's programs are missing,
 *   TN3003 when the supervisor is lost, TN3011–TN3015 for values and answers that can't be carried.
 */
export async function runStep(spec: StepSpec): Promise<StepExit> {
  prepareStepPlace(spec)
  const { rung, place } = spec
  const ended = await (rung === 'supervisor' ? superviseStep(spec, place) : superviseCommand(rung, spec))
  return ended.stop === null ? exitOf(spec, place, ended) : { kind: ended.stop }
}

async function superviseCommand(rung: CommandRung, spec: StepSpec): Promise<Ended> {
  const command = interpreterCommand(spec)
  const { control } = spec.place
  if (rung !== 'bubblewrap')
    return await supervise({ ...spec, control, ...stepCommand(rung, spec, spec.place, command) })
  const info = join(control, 'info.json')
  const descriptor = openSync(info, 'w')
  try {
    const started = stepCommand(rung, spec, spec.place, command, info)
    return await supervise({ ...spec, control, ...started, descriptor })
  } finally {
    closeSync(descriptor)
  }
}

function exitOf(spec: StepSpec, place: StepPlace, { code, signal }: Ended): StepExit {
  const ending = readEnding(place)
  if (ending === 'not-started') throw notStarted(spec)
  // 128 + n from a rung means signal n, unless the interpreter itself said that it exits so.
  const killedBy = signal ?? (code !== null && code > 128 && ending !== code ? signalName(code - 128) : null)
  if (killedBy !== null) return { kind: 'killed', signal: killedBy }
  if (code !== 0) return { kind: 'exited', code: code ?? 1 }
  const response = readAnswer(spec, place)
  return response === undefined ? { kind: 'no-answer' } : { kind: 'answered', response }
}

function notStarted(spec: StepSpec): CodedError {
  const size = statSync(spec.logFile, { throwIfNoEntry: false })?.size ?? 0
  const log = size > 0 && size < 65536 ? readFileSync(spec.logFile, 'utf8') : ''
  return new CodedError(
    'TN3001',
    `the step's interpreter did not start: the ${spec.rung} sandbox could not be set up`,
    {
      details: log
        .split('\n')
        .filter((line) => line !== '')
        .slice(-10),
      hint: 'the lines above are from the sandbox; free space and the rights of the store folder are common causes',
    },
  )
}

/**
 * Runs an interactive command where the step would run, with the terminal, and resolves to its exit code.
 * `$ENV` makes the variables and functions of a sh step known to a shell.
 */
export async function enterStep(spec: StepSpec, command: readonly string[]): Promise<number> {
  prepareStepPlace(spec)
  const { place } = spec
  const step = hasOwnRoot(spec.rung) ? '/tenon/step' : place.step
  writeFileSync(join(place.step, 'shell.sh'), shellStart(spec, step))
  const variables = { ENV: join(step, 'shell.sh') }
  const terminal = process.env['TERM'] === undefined ? {} : { TERM: process.env['TERM'] }
  const ignore = (): void => undefined // Ctrl-C is for the command
  process.on('SIGINT', ignore)
  try {
    const added = { ...terminal, ...variables }
    const { code, signal } = await (spec.rung === 'supervisor'
      ? enterSupervised(spec, place, command, added)
      : enterCommand(spec.rung, spec, place, command, added))
    return code === null ? 128 + signalNumber(signal) : (shellStatus(place.step) ?? code)
  } finally {
    process.off('SIGINT', ignore)
  }
}

async function enterCommand(
  rung: CommandRung,
  spec: StepSpec,
  place: StepPlace,
  command: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<Pick<Ended, 'code' | 'signal'>> {
  const { execa } = await import('execa')
  const { file, args, environment, directory }: StepCommand = stepCommand(rung, spec, place, command)
  const { exitCode, signal, cause } = await execa(file, args, {
    stdio: 'inherit',
    reject: false,
    extendEnv: false,
    cwd: directory,
    env: { ...environment, ...variables, ...NEVER_INHERITED },
  })
  if (exitCode !== undefined) return { code: exitCode, signal: null }
  if (signal !== undefined) return { code: null, signal }
  throw new CodedError('TN3001', `the ${rung} sandbox could not be started`, { cause })
}

/**
 * What an interactive shell reads first. Its last act on a terminal is to hand it back to a process group that its namespace does not
 * know; dash then complains and exits with 2, so the real status is put down before.
 */
function shellStart(spec: StepSpec, step: string): string {
  const variables = spec.interpreter === 'sh' ? variablesScript(toPhysical(spec, spec.request), step) : ''
  return `${variables}trap 'echo $? >${join(step, 'out/shell-status')}; exec 2>/dev/null' EXIT\n`
}

function shellStatus(step: string): number | undefined {
  try {
    return Number(readFileSync(join(step, 'out', 'shell-status'), 'utf8'))
  } catch {
    return undefined // not an interactive shell
  }
}
