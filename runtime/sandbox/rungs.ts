// rungs.ts — which rungs of isolation work on this machine, found by using them. Which one a build takes is choose-rung.ts's.
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { replaceFile } from './replace-file.ts'
import { bubblewrapCommand } from './rung/bubblewrap.ts'
import { findDriverTool } from './rung/driver-tool.ts'
import { BUILD_DIRECTORY, type HostCommand, type Isolation, type Rung, RUNGS } from './rung/rung.ts'
import { unshareCommand } from './rung/unshare.ts'
import { requireProgram, supervisorProgram } from './supervisor/program.ts'
import { Supervisor } from './supervisor/supervisor.ts'
import { makeRoot, wholeMounts } from './host/root.ts'

export type { Rung } from './rung/rung.ts'

export interface RungProbe {
  readonly rung: Rung
  readonly works: boolean
  readonly reason: string | null
  readonly remedy: string | null
}

/** Strongest first. Runs a command on each rung, once per process; what worked is remembered until the next boot. */
export function probeRungs(home: string): Promise<readonly RungProbe[]> {
  let probes = probesByHome.get(home)
  if (probes === undefined) {
    probes = Promise.all(RUNGS.map((rung) => probe(rung, home)))
    probesByHome.set(home, probes)
  }
  return probes
}
const probesByHome = new Map<string, Promise<readonly RungProbe[]>>()

async function probe(rung: Rung, home: string): Promise<RungProbe> {
  if (rung === 'plain') return { rung, works: true, reason: null, remedy: null }
  const found = programsOf(rung, home)
  if (found.kind === 'missing') return { rung, works: false, reason: found.reason, remedy: found.remedy }
  const memory = join(home, 'cache', `sandbox-${rung}`)
  const situation = situationOf(found.files)
  if (readIfThere(memory) === situation) return { rung, works: true, reason: null, remedy: null }
  const reason = await tryOut(rung, home)
  if (reason !== null) return { rung, works: false, reason, remedy: remedyFor(rung, reason) }
  replaceFile(memory, situation)
  return { rung, works: true, reason: null, remedy: null }
}

type Isolating = Exclude<Rung, 'plain'>
type Programs =
  | { readonly kind: 'found'; readonly files: readonly string[] }
  | { readonly kind: 'missing'; readonly reason: string; readonly remedy: string }

const PROGRAMS = {
  bubblewrap: ['bwrap', 'sh', 'mkfifo'],
  unshare: ['unshare', 'setpriv', 'mount', 'hostname', 'sh', 'mkfifo'],
}
const PACKAGES = {
  bubblewrap: 'install the package bubblewrap',
  unshare: 'install the packages util-linux, mount, hostname and coreutils',
}

function programsOf(rung: Isolating, home: string): Programs {
  if (rung === 'supervisor') {
    const program = supervisorProgram(home)
    return program.kind === 'missing' ? program : { kind: 'found', files: [program.file] }
  }
  const files = PROGRAMS[rung].map((name) => ({ name, file: findDriverTool(name) }))
  const missing = files.filter(({ file }) => file === undefined).map(({ name }) => name)
  if (missing.length > 0)
    return { kind: 'missing', reason: `not installed: ${missing.join(', ')}`, remedy: PACKAGES[rung] }
  return { kind: 'found', files: files.flatMap(({ file }) => file ?? []) }
}

/** Why a step of nothing fails there; null when it works. */
async function tryOut(rung: Isolating, home: string): Promise<string | null> {
  mkdirSync(join(home, 'cache'), { recursive: true })
  const directory = mkdtempSync(join(home, 'cache', 'probe-'))
  try {
    const isolation = probeIsolation(directory)
    return rung === 'supervisor'
      ? await trySupervisor(isolation, requireProgram(home))
      : await tryCommand(
          rung === 'unshare' ? unshareCommand(isolation, PROBE) : bubblewrapCommand(isolation, PROBE, false),
        )
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const PROBE = ['/bin/sh', '-c', ': >/build/probe']

async function tryCommand({ file, args }: HostCommand): Promise<string | null> {
  const { execa } = await import('execa') // not loaded when all is found in the store
  const result = await execa(file, args, {
    reject: false,
    all: true,
    stdin: 'ignore',
    timeout: 30_000,
    cwd: '/',
  })
  return result.failed ? lastLines(result.all, result.shortMessage ?? 'it failed') : null
}

async function trySupervisor(isolation: Isolation, program: string): Promise<string | null> {
  let said = ''
  const supervisor = new Supervisor(program, 'steps')
  const start = {
    ...isolation,
    timeoutMs: 30_000,
    directory: BUILD_DIRECTORY,
    environment: {},
    command: PROBE,
  }
  try {
    const { code } = await supervisor.start(start, (bytes) => void (said += bytes.toString())).ended
    return code === 0 ? null : lastLines(said, 'it failed')
  } catch (error) {
    const details = error instanceof CodedError ? error.details : []
    return lastLines(details.join('\n'), error instanceof Error ? error.message : String(error))
  } finally {
    supervisor.close()
  }
}

function lastLines(text: string, otherwise: string): string {
  const said = text.trim().split('\n').slice(-3).join('; ')
  return said === '' ? otherwise : said
}

/** The same roots and mounts as a step's, with the machine's own /usr in place of a view. */
function probeIsolation(directory: string): Isolation {
  const [root, control, build] = ['root', 'control', 'build'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ] // three in, three out
  for (const each of [root, control, build]) mkdirSync(each)
  makeRoot(root)
  return {
    root,
    control,
    network: false,
    mounts: [
      ...wholeMounts(),
      { source: '/dev/null', target: '/dev/null', access: 'device' },
      { source: build, target: '/build', access: 'writable' },
    ],
  }
}

/** All on which the outcome depends: this boot (kernel settings), this user, these programs. */
function situationOf(files: readonly string[]): string {
  const programs = files.map((found) => {
    const file = realpathSync(found)
    return `${file} ${statSync(file).mtimeMs}`
  })
  return [readIfThere('/proc/sys/kernel/random/boot_id')?.trim(), process.getuid?.(), ...programs].join('\n')
}

function remedyFor(rung: Isolating, reason: string): string {
  if (rung === 'supervisor' && /not implemented/i.test(reason)) return 'use Linux 5.12 or later'
  if (/unrecognized option|invalid option|unknown option/i.test(reason))
    return `install a newer ${rung === 'unshare' ? 'util-linux (2.36 or later)' : 'bubblewrap (0.6 or later)'}`
  if (readIfThere('/proc/sys/kernel/apparmor_restrict_unprivileged_userns')?.trim() === '1')
    return 'allow user namespaces: sysctl kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile'
  if (readIfThere('/proc/sys/kernel/unprivileged_userns_clone')?.trim() === '0')
    return 'allow user namespaces: sysctl kernel.unprivileged_userns_clone=1'
  if (readIfThere('/proc/sys/user/max_user_namespaces')?.trim() === '0')
    return 'allow user namespaces: sysctl user.max_user_namespaces=10000'
  return 'user namespaces with mounts must be allowed here; a container needs --security-opt seccomp=unconfined --security-opt systempaths=unconfined'
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
