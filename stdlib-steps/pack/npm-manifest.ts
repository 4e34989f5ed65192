// npm-manifest.ts — what npmPack needs from package.json, checked. Knows nothing of the files it names.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { StepError, messageOf } from '../step-error.ts'

const NAME = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/
const VERSION = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/

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
  const manifest = jsonOf(join(root, 'package.json'))
  const { name, version, files, main, bin } = manifest
  if (!isText(name) || !NAME.test(name)) throw wrong('name', name, 'a package name')
  if (!isText(version) || !VERSION.test(version)) throw wrong('version', version, 'a version like 1.2.3')
  if (files !== undefined && !(Array.isArray(files) && files.every(isText)))
    throw wrong('files', files, 'a list of patterns')
  if (main !== undefined && !isText(main)) throw wrong('main', main, 'a path')
  const programs = programsOf(bin).map(plain)
  if ([manifest['bundleDependencies'], manifest['bundledDependencies']].some(isSet))
    throw new StepError(
      'TN3541',
      'package.json bundles dependencies',
      'npmPack packs the package alone: bundle its code in a step before.',
    )
  return {
    name,
    version,
    files: files ?? null,
    entryPoints: [...(main === undefined ? [] : [plain(main)]), ...programs],
    programs,
  }
}

function programsOf(bin: unknown): readonly string[] {
  if (bin === undefined) return []
  if (isText(bin)) return [bin]
  const programs: readonly unknown[] = typeof bin === 'object' && bin !== null ? Object.values(bin) : [null]
  if (programs.every(isText)) return programs
  throw wrong('bin', bin, 'a path, or paths by command name')
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function wrong(member: string, value: unknown, expected: string): StepError {
  return new StepError(
    'TN3540',
    `package.json: ${member} is ${JSON.stringify(value) ?? 'missing'}, which is not ${expected}`,
    'An npm package needs a name and a version; npm documents the other members.',
  )
}

function jsonOf(file: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof value === 'object' && value !== null) return { ...value }
    throw new TypeError('it holds no object')
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
