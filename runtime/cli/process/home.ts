// home.ts — where Tenon keeps what it makes, unless told otherwise.
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

/** `$TENON_HOME`, else `$XDG_DATA_HOME/tenon`, else `~/.local/share/tenon`. Absolute. */
export function homeDirectory(environment: NodeJS.ProcessEnv, directory: string): string {
  const { TENON_HOME, XDG_DATA_HOME } = environment
  if (TENON_HOME !== undefined && TENON_HOME !== '') return resolve(directory, TENON_HOME)
  // The XDG base directory specification: a relative path there counts as unset.
  if (XDG_DATA_HOME !== undefined && isAbsolute(XDG_DATA_HOME)) return join(XDG_DATA_HOME, 'tenon')
  return join(homedir(), '.local', 'share', 'tenon')
}
