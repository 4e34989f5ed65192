// bubblewrap.ts — the rung of bwrap(1): the same root, built by one process. Decides no mounts itself.
import { driverTool } from './driver-tool.ts'
import {
  BUILD_DIRECTORY,
  HOST_NAME,
  type HostCommand,
  type Isolation,
  type Mount,
  STEP_GID,
  STEP_UID,
} from './rung.ts'

/** The descriptor on which bwrap says which process is the namespace's first one. */
const INFO_DESCRIPTOR = 3

export function bubblewrapCommand(
  isolation: Isolation,
  command: readonly string[],
  informs: boolean,
): HostCommand {
  const options = [
    '--die-with-parent --unshare-user --unshare-pid --unshare-ipc --unshare-uts --unshare-cgroup-try',
    isolation.network ? '' : '--unshare-net',
    `--uid ${STEP_UID} --gid ${STEP_GID} --hostname ${HOST_NAME} --chdir ${BUILD_DIRECTORY}`,
    informs ? `--info-fd ${INFO_DESCRIPTOR}` : '',
  ]
  const mounts = isolation.mounts.flatMap(({ source, target, access }) => [OPTIONS[access], source, target])
  const fresh = '--proc /proc --remount-ro /proc --perms 1777 --tmpfs /dev/shm'
  const bwrap = [driverTool('bwrap'), ...words(...options), '--ro-bind', isolation.root, '/']
  // bwrap has no option for the umask.
  const args = [
    '-c',
    'umask 022; exec "$@"',
    'tenon-step',
    ...bwrap,
    ...mounts,
    ...words(fresh),
    '--',
    ...command,
  ]
  return { file: driverTool('sh'), args }
}

function words(...lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split(' ')).filter((word) => word !== '')
}

const OPTIONS: Readonly<Record<Mount['access'], string>> = {
  'read-only': '--ro-bind',
  writable: '--bind',
  device: '--dev-bind',
}
