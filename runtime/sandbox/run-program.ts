// run-program.ts — runs a built program for the user: on the machine as it is, plus the store objects the program needs.
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { driverTool } from './rung/driver-tool.ts'
import type { HostCommand, Rung } from './rung/rung.ts'
import { mountLine } from './rung/unshare.ts'
import { shellWord } from './shell-word.ts'
import { signalNumber } from './process/signal.ts'
import type { CommandRung } from './step/command.ts'
import { requireProgram } from './supervisor/program.ts'
import { Supervisor } from './supervisor/supervisor.ts'

export interface ProgramRun {
  readonly rung: Rung
  readonly home: string
  /** The whole closure. */
  readonly inputs: readonly { readonly path: string; readonly physical: string }[]
  /** As a step sees it: `/tenon/store/<hash>-<name>/bin/x`. */
  readonly command: string
  readonly args: readonly string[]
}

/**
 * The program's exit code, 128 + n when signal n ended it. Standard streams, variables and the working directory are the user's.
 * On a rung without a root of its own the program is started at its physical path, and finds nothing that it looks for in /tenon/store.
 * @throws CodedError TN3200 when it can't be started.
 */
export async function runProgram(run: ProgramRun): Promise<number> {
  mkdirSync(join(run.home, 'cache'), { recursive: true })
  const directory = mkdtempSync(join(run.home, 'cache', 'run-'))
  const ignore = (): void => undefined // Ctrl-C is for the program
  process.on('SIGINT', ignore)
  try {
    if (run.rung === 'supervisor') return await superviseProgram(run, directory)
    const { execa } = await import('execa')
    const { file, args } = hostCommand(run.rung, run, directory)
    const result = await execa(file, args, { stdio: 'inherit', reject: false })
    if (result.exitCode !== undefined) return result.exitCode
    if (result.signal !== undefined) return 128 + signalNumber(result.signal)
    throw new CodedError('TN3200', `${run.command} could not be started`, { cause: result.cause })
  } finally {
    process.off('SIGINT', ignore)
    rmSync(directory, { recursive: true, force: true })
  }
}

function hostCommand(rung: CommandRung, run: ProgramRun, directory: string): HostCommand {
  switch (rung) {
    case 'bubblewrap':
      return bubblewrapRun(run)
    case 'unshare':
      return unshareRun(run, directory)
    case 'landlock':
    case 'plain':
      return { file: physicalCommand(run), args: run.args }
  }
}

function physicalCommand({ inputs, command }: ProgramRun): string {
  const input = inputs.find(({ path }) => command === path || command.startsWith(`${path}/`))
  if (input !== undefined) return input.physical + command.slice(input.path.length)
  throw new CodedError('TN3200', `${command} is in none of the objects it was to be run with`)
}

/** `/tenon` can't be made on the machine, so a new root gets all that the old one has, and it. */
function rootEntries(): readonly { readonly path: string; readonly kind: 'folder' | 'link' | 'file' }[] {
  return readdirSync('/', { withFileTypes: true })
    .filter(({ name }) => name !== 'tenon')
    .map((entry) => ({
      path: `/${entry.name}`,
      kind: entry.isSymbolicLink() ? 'link' : entry.isDirectory() ? 'folder' : 'file',
    }))
}

function bubblewrapRun({ inputs, command, args }: ProgramRun): HostCommand {
  const root = rootEntries().flatMap(({ path, kind }) =>
    kind === 'link' ? ['--symlink', readlinkSync(path), path] : ['--dev-bind', path, path],
  )
  const store = inputs.flatMap(({ path, physical }) => ['--ro-bind', physical, path])
  return {
    file: driverTool('bwrap'),
    args: [...root, ...store, '--chdir', process.cwd(), '--', command, ...args],
  }
}

/** A folder with a mount point for each entry of the machine's root and each input. @returns the paths to mount */
function prepareRoot(root: string, inputs: ProgramRun['inputs']): readonly string[] {
  mkdirSync(join(root, 'tenon/store'), { recursive: true })
  const entries = rootEntries()
  for (const { path, kind } of entries)
    if (kind === 'link') symlinkSync(readlinkSync(path), join(root, path))
    else makeMountPoint(join(root, path), kind)
  for (const { path, physical } of inputs)
    makeMountPoint(join(root, path), lstatSync(physical).isDirectory() ? 'folder' : 'file')
  return entries.filter(({ kind }) => kind !== 'link').map(({ path }) => path)
}

async function superviseProgram(
  { home, inputs, command, args }: ProgramRun,
  directory: string,
): Promise<number> {
  const root = join(directory, 'root')
  const mounts = [
    ...prepareRoot(root, inputs).map((path) => ({ source: path, target: path, access: 'machine' as const })),
    ...inputs.map(({ path, physical }) => ({
      source: physical,
      target: path,
      access: 'read-only' as const,
    })),
  ]
  const environment = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
  const program = new Supervisor(requireProgram(home), 'program')
  const ids = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
  const run = { root, mounts, network: true, ids, directory: process.cwd() }
  const kind = { ...run, environment, command: [command, ...args] }
  const { ended } = program.start({ kind, timeoutMs: 0 }, () => undefined)
  const { code, signal } = await ended
  return code ?? 128 + signalNumber(signal)
}

function unshareRun({ inputs, command, args }: ProgramRun, directory: string): HostCommand {
  const [root, table] = [join(directory, 'root'), join(directory, 'mounts')]
  const mounts = [
    ...prepareRoot(root, inputs).map((path) => mountLine(path, root + path, 'none', 'rbind')),
    ...inputs.map(({ path, physical }) => mountLine(physical, root + path, 'none', 'bind,ro,nosuid,nodev')),
  ]
  writeFileSync(table, mounts.join(''))
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0]
  const unshare = driverTool('unshare')
  // Root keeps all its rights, so it gets no user namespace; others get one to mount in and then their own ids back.
  const [first, second] =
    uid === 0
      ? [['-m'], []]
      : [
          ['-U', '-r', '-m'],
          ['-U', `--map-user=${uid}`, `--map-group=${gid}`],
        ]
  const script = `set -e
${shellWord(driverTool('mount'))} -n -a -T ${shellWord(table)}
exec ${[unshare, ...second, `--root=${root}`, `--wd=${process.cwd()}`].map(shellWord).join(' ')} -- "$@"`
  return { file: unshare, args: [...first, driverTool('sh'), '-c', script, 'tenon-run', command, ...args] }
}

function makeMountPoint(path: string, kind: 'folder' | 'file'): void {
  if (kind === 'folder') mkdirSync(path, { recursive: true })
  else writeFileSync(path, '')
}
