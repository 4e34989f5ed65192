// unshare.ts — the rung of util-linux: namespaces by unshare(1), the root assembled by one mount(8). Decides no mounts itself.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { shellWord } from '../shell-word.ts'
import { driverTool, findDriverTool } from './driver-tool.ts'
import {
  BUILD_DIRECTORY,
  HOST_NAME,
  type HostCommand,
  type Isolation,
  type Mount,
  STEP_GID,
  STEP_UID,
} from './rung.ts'

/**
 * Process 1 of the new namespaces is a shell of the host's. As root of a first user namespace it mounts; then the step
 * starts in a second one, where it is uid 1000, owns none of the mounts, has no capability and no way to gain one
 * (no_new_privs; a process in a chroot may not make user namespaces, so it can't leave the chroot either).
 * When process 1 ends the kernel kills all others, and only then does the outer unshare see its end.
 */
export function unshareCommand(isolation: Isolation, command: readonly string[]): HostCommand {
  const staging = join(isolation.control, 'staging')
  const table = join(isolation.control, 'mounts')
  mkdirSync(staging, { recursive: true })
  writeFileSync(table, mountTable(isolation, staging))
  const unshare = driverTool('unshare')
  const namespaces = ['-U', '-r', '-m', '-p', '-i', '-u', '-C', ...(isolation.network ? [] : ['-n'])]
  const first = ['--pdeathsig', 'KILL', '--no-new-privs', unshare, ...namespaces, '--fork', '--kill-child']
  const shell = [driverTool('sh'), '-c', setUp(isolation, { staging, table, unshare }), 'tenon-step']
  return { file: driverTool('setpriv'), args: [...first, ...shell, ...command] }
}

interface Places {
  readonly staging: string
  readonly table: string
  readonly unshare: string
}

// The last command keeps the step's exit status as process 1's own. Messages of this shell ("Killed") go nowhere.
function setUp(isolation: Isolation, { staging, table, unshare }: Places): string {
  const second = `-U --map-user=${STEP_UID} --map-group=${STEP_GID} --root=${shellWord(staging)} --wd=${BUILD_DIRECTORY}`
  return `set -e
umask 022
${shellWord(driverTool('hostname'))} ${HOST_NAME} & named=$!
${isolation.network ? ':' : loopbackUp()} &
${shellWord(driverTool('mount'))} -n -a -T ${shellWord(table)}
wait $named
wait
unset PWD OLDPWD
exec 3>&2 2>/dev/null
(exec ${shellWord(unshare)} ${second} -- "$@" 2>&3 3>&-)`
}

/** Test suites use 127.0.0.1; bubblewrap brings it up too. Without ip and perl it stays down. */
function loopbackUp(): string {
  const ip = findDriverTool('ip')
  if (ip !== undefined) return `${shellWord(ip)} link set lo up`
  const perl = findDriverTool('perl')
  if (perl === undefined) return ':'
  // SIOCSIFFLAGS with IFF_UP | IFF_RUNNING
  return `${shellWord(perl)} -e 'socket(my $s, 2, 2, 0); my $r = pack("a16sx14", "lo", 0x41); ioctl($s, 0x8914, $r)'`
}

/** One mount process for all mounts. */
function mountTable({ root, mounts }: Isolation, staging: string): string {
  return [
    mountLine(root, staging, 'none', OPTIONS['read-only']),
    ...mounts.map(({ source, target, access }) =>
      mountLine(source, staging + target, 'none', OPTIONS[access]),
    ),
    mountLine('proc', `${staging}/proc`, 'proc', 'ro,nosuid,nodev,noexec'),
    mountLine('tmpfs', `${staging}/dev/shm`, 'tmpfs', 'nosuid,nodev,mode=1777'),
  ].join('')
}

/** A line of fstab(5). */
export function mountLine(source: string, target: string, type: string, options: string): string {
  return `${escaped(source)} ${escaped(target)} ${type} ${options} 0 0\n`
}

const OPTIONS: Readonly<Record<Mount['access'], string>> = {
  'read-only': 'bind,ro,nosuid,nodev',
  writable: 'bind,nosuid,nodev',
  device: 'bind',
}

function escaped(path: string): string {
  return path.replace(/[\s\\#]/g, (character) => '\\' + character.charCodeAt(0).toString(8).padStart(3, '0'))
}
