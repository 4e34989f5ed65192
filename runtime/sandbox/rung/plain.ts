// plain.ts — the weakest rung: an ordinary process of the machine, told physical paths. Isolates nothing.
import { findDriverTool } from './driver-tool.ts'
import type { HostCommand } from './rung.ts'

/** With setpriv at hand the main process at least ends with its driver, and no setuid program helps it. */
export function plainCommand(command: readonly string[]): HostCommand {
  const setpriv = findDriverTool('setpriv')
  const prefix = setpriv === undefined ? [] : [setpriv, '--pdeathsig', 'KILL', '--no-new-privs']
  const [file = '', ...args] = [...prefix, ...command]
  return { file, args }
}
