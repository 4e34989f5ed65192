// version.ts — tenon version.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PLAN_FORMAT } from '../../../dsl/plan/plan.ts'
import { EVENT_SCHEMA_VERSION } from '../../report/event.ts'
import type { Context } from '../context.ts'

export async function versionCommand(context: Context): Promise<number> {
  const formats = `plan format ${PLAN_FORMAT}, event schema ${EVENT_SCHEMA_VERSION}`
  context.stdout(`tenon ${ownVersion()} (Node ${process.versions.node}, ${formats})\n`)
  return 0
}

/** Of the package.json above this code: one folder up when bundled, more in the sources. */
export function ownVersion(): string {
  for (let at = dirname(fileURLToPath(import.meta.url)); ; at = dirname(at)) {
    const manifest = readManifest(join(at, 'package.json'))
    if (manifest?.name === 'tenon') return String(manifest.version)
    if (at === dirname(at)) return 'of unknown version'
  }
}

function readManifest(file: string): { readonly name?: unknown; readonly version?: unknown } | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown; version?: unknown } // members are checked by their users
  } catch {
    return null
  }
}
