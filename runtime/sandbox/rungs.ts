// rungs.ts — which rungs of isolation work on this machine, found by using them. Which one a build takes is choose-rung.ts's.
import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, realpathSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { replaceFile } from './replace-file.ts'
import { bubblewrapCommand } from './rung/bubblewrap.ts'
import { findDriverTool } from './rung/driver-tool.ts'
import { confineProgram, landlockCommand } from './rung/landlock.ts'
import {
  BUILD_DIRECTORY,
  type HostCommand,
  type Isolation,
  type Mount,
  type Rung,
  RUNGS,
} from './rung/rung.ts'
import { unshareCommand } from './rung/unshare.ts'
import type { FoundProgram } from './rung/compiled-program.ts'
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

const NEEDED: Readonly<
  Record<Isolating, { readonly programs: readonly string[]; readonly packages: string }>
> = {
  supervisor: { programs: [], packages: '' },
  bubblewrap: { programs: ['bwrap', 'sh', 'mkfifo'], packages: 'bubblewrap, dash, coreutils' },
  unshare: {
    programs: ['unshare', 'setpriv', 'mount', 'hostname', 'sh', 'mkfifo'],
    packages: 'util-linux, mount, hostname, dash, coreutils',
  },
  landlock: { programs: ['sh', 'mkfifo'], packages: 'dash, coreutils' },
}

function programsOf(rung: Isolating, home: string): Programs {
  const own = ownProgram(rung, home)
  if (own?.kind === 'missing') return own
  const { programs, packages } = NEEDED[rung]
  const files = programs.map((name) => ({ name, file: findDriverTool(name) }))
  const missing = files.filter(({ file }) => file === undefined).map(({ name }) => name)
  if (missing.length > 0)
    return {
      kind: 'missing',
      reason: `not installed: ${missing.join(', ')}`,
      remedy: `install what is missing of: ${packages}`,
    }
  return { kind: 'found', files: [own?.file ?? [], ...files.map(({ file }) => file ?? [])].flat() }
}

function ownProgram(rung: Isolating, home: string): FoundProgram | undefined {
  if (rung === 'supervisor') return supervisorProgram(home)
  return rung === 'landlock' ? confineProgram(home) : undefined
}

/** Why a step of nothing fails there; null when it works. */
async function tryOut(rung: Isolating, home: string): Promise<string | null> {
  mkdirSync(join(home, 'cache'), { recursive: true })
  const directory = mkdtempSync(join(home, 'cache', 'probe-'))
  const isolation = probeIsolation(directory)
  try {
    switch (rung) {
      case 'supervisor':
        return await trySupervisor(isolation, requireProgram(home))
      case 'bubblewrap':
        return await tryCommand(bubblewrapCommand(isolation, PROBE, false), directory)
      case 'unshare':
        return await tryCommand(unshareCommand(isolation, PROBE), directory)
      case 'landlock':
        return await tryCommand(landlockCommand(isolation, home, CONFINED_PROBE), directory)
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const PROBE = ['/bin/sh', '-c', ': >/build/probe']

/** In the probe's folder, as the machine has it: of its folders `build` alone may be written to. */
const CONFINED_PROBE = [
  '/bin/sh',
  '-c',
  ': >build/probe; if (: >control/probe) 2>/dev/null; then echo it does not confine; exit 1; fi',
]

async function tryCommand({ file, args }: HostCommand, directory: string): Promise<string | null> {
  const { execa } = await import('execa') // not loaded when all is found in the store
  const result = await execa(file, args, {
    reject: false,
    all: true,
    stdin: 'ignore',
    timeout: 30_000,
    cwd: directory,
  })
  return result.failed ? lastLines(result.all, result.shortMessage ?? 'it failed') : null
}

async function trySupervisor(isolation: Isolation, program: string): Promise<string | null> {
  let said = ''
  const supervisor = new Supervisor(program, 'steps')
  const isOwn = ({ access }: Mount): boolean => access === 'writable'
  const kind = {
    ...isolation,
    mounts: isolation.mounts.filter((mount) => !isOwn(mount)),
    directory: BUILD_DIRECTORY,
    environment: {},
    command: PROBE,
  }
  const start = { kind, ownMounts: isolation.mounts.filter(isOwn), timeoutMs: 30_000 }
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

/** All on which the outcome depends: this boot (kernel settings), container or namespaces, user, programs. */
function situationOf(files: readonly string[]): string {
  const programs = files.map((found) => {
    const file = realpathSync(found)
    return `${file} ${statSync(file).mtimeMs}`
  })
  const namespaces = ['user', 'mnt'].map((name) => readlinkSync(`/proc/self/ns/${name}`))
  const boot = readIfThere('/proc/sys/kernel/random/boot_id')?.trim()
  return [boot, ...namespaces, process.getuid?.(), ...programs].join('\n')
}

function remedyFor(rung: Isolating, reason: string): string {
  if (rung === 'landlock')
    return 'use Linux 6.2 or later with Landlock switched on (CONFIG_LSM or the boot parameter lsm=)'
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
