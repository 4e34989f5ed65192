// npm-manifest.ts — what npmPack needs from package.json, checked. Knows nothing of the files it names.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { StepError, messageOf } from '../step-error.ts'

const manifestSchema = z.object({
  name: z.string().regex(/^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/, 'is no npm package name'),
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/, 'is no version like 1.2.3'),
  files: z.array(z.string()).optional(),
  main: z.string().optional(),
  bin: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
  bundleDependencies: z.unknown().optional(),
  bundledDependencies: z.unknown().optional(),
})
export interface NpmManifest {
  readonly name: string
  readonly version: string
  readonly files: readonly string[] | null
  /** Paths that are packed whatever `files` says, without `./`. */
  readonly entryPoints: readonly string[]
  readonly programs: readonly string[]
}

/** @throws StepError TN3540, TN3541 */
export function npmManifest(root: string): NpmManifest {
  const parsed = manifestSchema.safeParse(jsonOf(join(root, 'package.json')))
  if (!parsed.success)
    throw new StepError(
      'TN3540',
      `package.json: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`,
      'An npm package needs a name and a version.',
    )
  const { name, version, files, main, bin, bundleDependencies, bundledDependencies } = parsed.data
  if (isSet(bundleDependencies) || isSet(bundledDependencies))
    throw new StepError(
      'TN3541',
      'package.json bundles dependencies',
      'npmPack packs the package alone: bundle its code in a step before.',
    )
  const programs = (typeof bin === 'string' ? [bin] : Object.values(bin ?? {})).map(plain)
  return {
    name,
    version,
    files: files ?? null,
    entryPoints: [...(main === undefined ? [] : [plain(main)]), ...programs],
    programs,
  }
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new StepError(
      'TN3540',
      `package.json cannot be read: ${messageOf(error)}`,
      'npmPack packs a source with package.json at its top.',
      error,
    )
  }
}

function isSet(value: unknown): boolean {
  return value === true || (Array.isArray(value) && value.length > 0)
}

function plain(path: string): string {
  return path.replace(/^\.?\//, '')
}
