// refused-namespaces.ts — a command line that runs another where no user namespace can be made, as in most containers.
import { spawnSync } from 'node:child_process'

/** The limit is set inside a user namespace, so nothing else on the machine sees it. */
export const REFUSED = [
  'unshare',
  '-Ur',
  'sh',
  '-c',
  'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"',
  'sh',
]

const [file = '', ...args] = REFUSED
/** Why it does not work here; false when it does. */
export const cannotRefuse: string | false =
  spawnSync(file, [...args, 'true']).status === 0
    ? false
    : 'the limit of user namespaces cannot be lowered here'
