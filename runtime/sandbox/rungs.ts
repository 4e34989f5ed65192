// rungs.ts — which rungs of isolation work on this machine, found by using them. Which one a build takes is choose-rung.ts's.
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from './replace-file.ts'
import { bubblewrapCommand } from './rung/bubblewrap.ts'
import { findDriverTool } from './rung/driver-tool.ts'
import { type HostCommand, type Isolation, type Rung, RUNGS } from './rung/rung.ts'
import { unshareCommand } from './rung/unshare.ts'
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
  const missing = PROGRAMS[rung].filter((name) => findDriverTool(name) === undefined)
  if (missing.length > 0)
    return { rung, works: false, reason: `not installed: ${missing.join(', ')}`, remedy: PACKAGES[rung] }
  const memory = join(home, 'cache', `sandbox-${rung}`)
  const situation = situationOf(rung)
  if (readIfThere(memory) === situation) return { rung, works: true, reason: null, remedy: null }
  const reason = await tryOut(rung, home)
  if (reason !== null) return { rung, works: false, reason, remedy: remedyFor(rung, reason) }
  replaceFile(memory, situation)
  return { rung, works: true, reason: null, remedy: null }
}

const PROGRAMS = {
  bubblewrap: ['bwrap', 'sh', 'mkfifo'],
  unshare: ['unshare', 'setpriv', 'mount', 'hostname', 'sh', 'mkfifo'],
}
const PACKAGES = {
  bubblewrap: 'install the package bubblewrap',
  unshare: 'install the packages util-linux, mount, hostname and coreutils',
}

/** Why a step of nothing fails there; null when it works. */
async function tryOut(rung: 'bubblewrap' | 'unshare', home: string): Promise<string | null> {
  const { execa } = await import('execa') // not loaded when all is found in the store
  mkdirSync(join(home, 'cache'), { recursive: true })
  const directory = mkdtempSync(join(home, 'cache', 'probe-'))
  try {
    const { file, args } = probeCommand(rung, directory)
    const result = await execa(file, args, {
      reject: false,
      all: true,
      stdin: 'ignore',
      timeout: 30_000,
      cwd: '/',
    })
    if (!result.failed) return null
    const said = result.all.trim().split('\n').slice(-3).join('; ')
    return said === '' ? (result.shortMessage ?? 'it failed') : said
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** The same roots, mounts and command lines as a step's, with the machine's own /usr in place of a view. */
function probeCommand(rung: 'bubblewrap' | 'unshare', directory: string): HostCommand {
  const [root, control, build] = ['root', 'control', 'build'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ] // three in, three out
  for (const each of [root, control, build]) mkdirSync(each)
  makeRoot(root)
  const isolation: Isolation = {
    root,
    control,
    network: false,
    mounts: [
      ...wholeMounts(),
      { source: '/dev/null', target: '/dev/null', access: 'device' },
      { source: build, target: '/build', access: 'writable' },
    ],
  }
  const command = ['/bin/sh', '-c', ': >/build/probe']
  return rung === 'unshare'
    ? unshareCommand(isolation, command)
    : bubblewrapCommand(isolation, command, false)
}

/** All on which the outcome depends: this boot (kernel settings), this user, these programs. */
function situationOf(rung: 'bubblewrap' | 'unshare'): string {
  const programs = PROGRAMS[rung].map((name) => {
    const file = realpathSync(findDriverTool(name) ?? '/')
    return `${file} ${statSync(file).mtimeMs}`
  })
  return [readIfThere('/proc/sys/kernel/random/boot_id')?.trim(), process.getuid?.(), ...programs].join('\n')
}

function remedyFor(rung: Rung, reason: string): string {
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
