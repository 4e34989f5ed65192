// body-file.ts — where the bundle of a step's body lies.
import { join } from 'node:path'
import { cacheDirectory } from './cache-entry.ts'

/** A bundled body, named by the SHA-256 of its text: CommonJS, or an ES module where only that will do. */
export function bodyFile(home: string, digest: string): string {
  return join(cacheDirectory(home), 'bodies', `${digest}.js`)
}
