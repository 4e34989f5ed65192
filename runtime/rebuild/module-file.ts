// module-file.ts — where the loader leaves the bundled bodies of steps.
import { join } from 'node:path'

/** The same path as runtime/load's bodyFile: the engine takes only the cache's layout from the loader. */
export function moduleFile(home: string, digest: string): string {
  return join(home, 'cache', 'load', 'bodies', `${digest}.js`)
}
