// target.ts — `[file][#export][@step]`: what a command is about. What the file exports is for planning to say.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { nearest } from '../report/nearest.ts'

export interface Target {
  readonly file: string // absolute
  readonly exportName: string
  readonly step: string | null
  /** The target without its step, as it was written: for commands that Tenon suggests. */
  readonly text: string
}

const BUILD_FILE = 'build.ts'

/** @throws CodedError TN6010 when the text is malformed, TN6011 when there is no such file. */
export function parseTarget(text: string, directory: string): Target {
  const { path, exportName, step } = splitTarget(text, directory)
  const file = buildFile(path, directory)
  const suffix = exportName === null ? '' : `#${exportName}`
  return {
    file,
    exportName: exportName ?? 'default',
    step,
    text: path + suffix,
  }
}

interface TargetParts {
  readonly path: string
  readonly exportName: string | null
  readonly step: string | null
}

/** A path may hold `#` and `@` itself: what exists as a whole is a path. */
function splitTarget(text: string, directory: string): TargetParts {
  if (text !== '' && existsSync(resolve(directory, text))) return { path: text, exportName: null, step: null }
  const parts = /^(?<path>.*?)(?:#(?<exportName>[^#@]*))?(?:@(?<step>[^@#]*))?$/s.exec(text)?.groups
  const { path = '', exportName, step } = parts ?? {}
  if (exportName === '' || step === '')
    throw new CodedError(
      'TN6010',
      `the target ${text} names no ${exportName === '' ? 'export after #' : 'step after @'}`,
      {
        hint: 'A target is [file][#export][@step], for example pkg.ts#lib@unpack.',
      },
    )
  return { path, exportName: exportName ?? null, step: step ?? null }
}

function buildFile(path: string, directory: string): string {
  const found = resolve(directory, path)
  const state = statSync(found, { throwIfNoEntry: false })
  if (state === undefined) throw noSuchFile(path, found, directory)
  if (!state.isDirectory()) return found
  const inside = join(found, BUILD_FILE)
  if (!existsSync(inside)) throw noBuildFile(path, found, directory)
  return inside
}

function noSuchFile(path: string, missing: string, directory: string): CodedError {
  // The first part that is missing is the one that was mistyped.
  let part = missing
  while (!existsSync(dirname(part))) part = dirname(part)
  const near = nearest(basename(part), entriesOf(dirname(part)))
  const rest = relative(part, missing)
  const meant = near === undefined ? null : join(dirname(part), near, rest)
  return new CodedError('TN6011', `there is no file ${path}`, {
    hint:
      meant === null
        ? `${shown(dirname(part), directory)} holds no such name.`
        : `Did you mean ${shown(meant, directory)}?`,
  })
}

function noBuildFile(path: string, found: string, directory: string): CodedError {
  const below = entriesOf(found).filter((name) => existsSync(join(found, name, BUILD_FILE)))
  const others = entriesOf(found).filter(
    (name) => /\.[cm]?ts$/.test(name) && !/\.d\.[cm]?ts$/.test(name) && !name.includes('.test.'),
  )
  const candidates = [...below, ...others].slice(0, 5).map((name) => shown(join(found, name), directory))
  const above = buildFileAbove(found)
  const hint =
    candidates.length > 0
      ? `Did you mean ${candidates.join(' or ')}?`
      : above !== null
        ? `There is one further up: ${shown(above, directory)}.`
        : 'tenon init writes one.'
  return new CodedError(
    'TN6011',
    `there is no ${BUILD_FILE} in ${path === '' ? 'the current directory' : path}`,
    { hint },
  )
}

function buildFileAbove(start: string): string | null {
  for (let at = dirname(start); at !== dirname(at); at = dirname(at)) {
    if (existsSync(join(at, BUILD_FILE))) return join(at, BUILD_FILE)
  }
  return null
}

function entriesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((name) => !name.startsWith('.') && name !== 'node_modules')
      .toSorted()
  } catch {
    return [] // not a directory, or not readable: nothing to suggest
  }
}

function shown(path: string, directory: string): string {
  const text = relative(directory, path)
  return text === '' ? '.' : text
}
