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
export const INFO_DESCRIPTOR = 3

export function bubblewrapCommand(
  isolation: Isolation,
  command: readonly string[],
  informs: boolean,
): HostCommand {
  const namespaces = ['user', 'pid', 'ipc', 'uts', ...(isolation.network ? [] : ['net'])].map(
    (name) => `--unshare-${name}`,
  )
  return {
    file: driverTool('sh'), // bwrap has no option for the umask
    args: [
      ...[
        '-c',
        'umask 022; exec "$@"',
        'tenon-step',
        driverTool('bwrap'),
        '--die-with-parent',
        ...namespaces,
      ],
      ...[
        '--unshare-cgroup-try',
        '--uid',
        String(STEP_UID),
        '--gid',
        String(STEP_GID),
        '--hostname',
        HOST_NAME,
      ],
      ...(informs ? ['--info-fd', String(INFO_DESCRIPTOR)] : []),
      ...['--ro-bind', isolation.root, '/'],
      ...isolation.mounts.flatMap(({ source, target, access }) => [OPTIONS[access], source, target]),
      ...['--proc', '/proc', '--remount-ro', '/proc', '--perms', '1777', '--tmpfs', '/dev/shm'],
      ...['--chdir', BUILD_DIRECTORY, '--', ...command],
    ],
  }
}

const OPTIONS: Readonly<Record<Mount['access'], string>> = {
  'read-only': '--ro-bind',
  writable: '--bind',
  device: '--dev-bind',
}
