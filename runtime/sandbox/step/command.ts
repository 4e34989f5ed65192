// command.ts — a command inside a step's place as a command of the host, by rung, and how its process tree is ended.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stepEnvironment } from '../environment.ts'
import { toPhysical } from './path-translation.ts'
import { childrenOf, end, hasEnded, kill, processesMarked } from '../process/process-tree.ts'
import { bubblewrapCommand } from '../rung/bubblewrap.ts'
import { landlockCommand } from '../rung/landlock.ts'
import { plainCommand } from '../rung/plain.ts'
import type { HostCommand, Isolation, Rung } from '../rung/rung.ts'
import { unshareCommand } from '../rung/unshare.ts'
import { INTERPRETER, interpreterDirectory, mountsOf } from './place.ts'
import type { StepPlace, StepSpec } from './spec.ts'

export interface StepCommand extends HostCommand {
  readonly environment: Readonly<Record<string, string>>
  readonly directory: string
  readonly killTree: (pid: number) => void
  readonly awaitTree: (pid: number) => Promise<void>
}

export type CommandRung = Exclude<Rung, 'supervisor'> // which is told of a step, and makes no command line

/** `info`: the file behind the child's descriptor 3, where bubblewrap names the first process of its namespace. */
export function stepCommand(
  rung: CommandRung,
  spec: StepSpec,
  place: StepPlace,
  command: readonly string[],
  info?: string,
): StepCommand {
  const environment = stepEnvironment(spec.toolTrees)
  const isolation = (): Isolation => ({
    root: spec.view.directory,
    mounts: mountsOf(spec, place),
    network: spec.network,
    control: place.control,
  })
  // The namespace dies with its first process, which is the only child of the one started here.
  const killTree = (pid: number): void => childrenOf(pid).forEach(kill)
  switch (rung) {
    case 'bubblewrap': {
      const started = bubblewrapCommand(isolation(), command, info !== undefined)
      return {
        ...started,
        environment,
        directory: '/',
        killTree,
        awaitTree: async () => await endOfNamespace(info),
      }
    }
    case 'unshare':
      return {
        ...unshareCommand(isolation(), command),
        environment,
        directory: '/',
        killTree,
        awaitTree: async () => undefined,
      }
    case 'landlock': {
      const confined = landlockCommand(isolation(), spec.home, physicalCommand(spec, command))
      return { ...plainStepCommand(spec, place, confined, environment), killTree: end }
    }
    case 'plain':
      return plainStepCommand(spec, place, plainCommand(physicalCommand(spec, command)), environment)
  }
}

function plainStepCommand(
  spec: StepSpec,
  place: StepPlace,
  started: HostCommand,
  environment: Readonly<Record<string, string>>,
): StepCommand {
  const mark = `TMPDIR=${place.tmp}\0`
  const killAll = (): number => {
    const left = processesMarked(mark).filter((pid) => !hasEnded(pid))
    left.forEach(kill)
    return left.length
  }
  const tools = [
    ...spec.toolTrees.map((tree) => `${toPhysical(spec, tree)}/bin`),
    ...commandDirectories(spec),
  ]
  return {
    ...started,
    environment: { ...environment, PATH: tools.join(':'), HOME: place.tmp, TMPDIR: place.tmp },
    directory: place.build,
    killTree: killAll,
    // A process that is just being made is seen in the next round.
    awaitTree: async () => {
      for (let round = 0; round < 100 && killAll() > 0; round++) await waitMs(2)
    },
  }
}

function physicalCommand(spec: StepSpec, command: readonly string[]): readonly string[] {
  return toPhysical(spec, command).map((word) => interpreterFile(spec, word))
}

function interpreterFile(spec: StepSpec, word: string): string {
  if (spec.interpreter === 'sh' || !word.startsWith(`${INTERPRETER}/`)) return word
  const name = word.slice(INTERPRETER.length + 1)
  return name === 'node' ? process.execPath : join(interpreterDirectory(spec.interpreter, spec.home), name)
}

function commandDirectories(spec: StepSpec): readonly string[] {
  return spec.view.wholeUsr
    ? ['/usr/bin', '/bin']
    : [join(spec.view.directory, 'usr/bin'), join(spec.view.directory, 'bin')]
}

/** bubblewrap's outer process may end a moment before the namespace does; outputs are complete only then. */
async function endOfNamespace(info: string | undefined): Promise<void> {
  const first = info === undefined ? undefined : /"child-pid": (\d+)/.exec(readFileSync(info, 'utf8'))?.[1]
  while (first !== undefined && !hasEnded(Number(first))) await waitMs(1)
}

function waitMs(duration: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, duration))
}
