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
import { constants } from 'node:os'
import { join } from 'node:path'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { driverTool } from './rung/driver-tool.ts'
import type { HostCommand, Rung } from './rung/rung.ts'
import { mountLine } from './rung/unshare.ts'
import { shellWord } from './shell-word.ts'

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
 * On the plain rung the program is started at its physical path, and finds nothing that it looks for in /tenon/store.
 * @throws CodedError TN3200 when it can't be started.
 */
export async function runProgram(run: ProgramRun): Promise<number> {
  const { execa } = await import('execa')
  mkdirSync(join(run.home, 'cache'), { recursive: true })
  const directory = mkdtempSync(join(run.home, 'cache', 'run-'))
  const ignore = (): void => undefined // Ctrl-C is for the program
  process.on('SIGINT', ignore)
  try {
    const { file, args } = hostCommand(run, directory)
    const result = await execa(file, args, { stdio: 'inherit', reject: false })
    if (result.exitCode !== undefined) return result.exitCode
    if (result.signal !== undefined) return 128 + constants.signals[result.signal]
    throw new CodedError('TN3200', `${run.command} could not be started`, { cause: result.cause })
  } finally {
    process.off('SIGINT', ignore)
    rmSync(directory, { recursive: true, force: true })
  }
}

function hostCommand(run: ProgramRun, directory: string): HostCommand {
  switch (run.rung) {
    case 'bubblewrap':
      return bubblewrapRun(run)
    case 'unshare':
      return unshareRun(run, directory)
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

function unshareRun({ inputs, command, args }: ProgramRun, directory: string): HostCommand {
  const [root, table] = [join(directory, 'root'), join(directory, 'mounts')]
  mkdirSync(join(root, 'tenon/store'), { recursive: true })
  const entries = rootEntries()
  for (const { path, kind } of entries)
    if (kind === 'link') symlinkSync(readlinkSync(path), join(root, path))
    else makeMountPoint(join(root, path), kind)
  for (const { path, physical } of inputs)
    makeMountPoint(join(root, path), lstatSync(physical).isDirectory() ? 'folder' : 'file')
  const mounts = [
    ...entries
      .filter(({ kind }) => kind !== 'link')
      .map(({ path }) => mountLine(path, root + path, 'none', 'rbind')),
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
