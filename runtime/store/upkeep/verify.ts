// verify.ts — reads every object again and says what is not as its record says. Changes nothing; repair.ts does.
import { lstatSync } from 'node:fs'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { FILE_TIME_SECONDS } from '../files/copy-tree.ts'
import { join, namesIn } from '../files/entry.ts'
import { layerFile } from '../layers/keep.ts'
import { filesIn } from '../layers/layered-tree.ts'
import { layerFolder, type Layout, objectRecordFile, physicalPath } from '../layout.ts'
import type { StoreObject } from '../object.ts'
import { readRealisation } from '../realisation.ts'
import type { StorePath } from '../store-path.ts'
import { contentSize, type Node, readNode } from '../tree-digest.ts'
import { inventory, type InventoryEntry, type ResultEntry, results } from './inventory.ts'
import { layerProblems } from './verify-layers.ts'

export type Problem =
  | {
      readonly kind: 'object'
      readonly path: StorePath
      readonly files: string // where they are, or should be
      readonly reason: string
      /** Files that were written to, as far as their times tell. */
      readonly touched: readonly string[]
    }
  | { readonly kind: 'result'; readonly file: string; readonly reason: string }
export interface Verified {
  readonly objects: number
  readonly bytes: number
  readonly results: number
  readonly problems: readonly Problem[]
  /** Files of admissions that were cut off: they are no objects, and are collected. */
  readonly leftovers: readonly string[]
}

/** Builds may run at the same time. */
export function verify(layout: Layout, onObject: (path: StorePath) => void = () => {}): Verified {
  const recorded = results(layout) // before the objects: what these name is there, or was missing before
  const entries = inventory(layout)
  const whole = new Set(entries.flatMap(({ path, object, hasFiles }) => (object && hasFiles ? [path] : [])))
  const inLayers = layerProblems(layout, entries, onObject)
  const found = entries.flatMap((entry): readonly Problem[] => {
    onObject(entry.path)
    const problem = problemOf(layout, entry, whole) ?? layerProblem(layout, entry, inLayers)
    // Collected while we were reading: then it is no problem.
    return problem === undefined || !hasRecord(layout, entry.path) ? [] : [problem]
  })
  const damaged = recorded.flatMap((entry) => {
    const problems = resultProblems(entry, whole)
    if (problems.length === 0 || !isThere(entry.file)) return []
    return resultProblems({ ...entry, realisation: readRealisation(layout, entry.key) }, whole)
  })
  return {
    objects: entries.filter(({ hasRecord }) => hasRecord).length,
    bytes: entries.reduce((sum, { ownBytes }) => sum + ownBytes, 0),
    results: recorded.length,
    problems: [...found, ...damaged],
    leftovers: entries.flatMap(({ path, hasRecord }) =>
      hasRecord ? [] : [physicalPath(layout, path), layerFolder(layout, path)].filter(isThere),
    ),
  }
}

function hasRecord(layout: Layout, path: StorePath): boolean {
  return isThere(objectRecordFile(layout, path)) || isThere(layerFile(layerFolder(layout, path)))
}

function layerProblem(
  layout: Layout,
  { path }: InventoryEntry,
  reasons: ReadonlyMap<StorePath, string>,
): Problem | undefined {
  const reason = reasons.get(path)
  if (reason === undefined) return undefined
  const files = filesIn(layerFolder(layout, path))
  return { kind: 'object', path, files, reason, touched: writtenTo(Buffer.from(files)) }
}

function problemOf(
  layout: Layout,
  { path, object, hasRecord, hasFiles, layer }: InventoryEntry,
  whole: ReadonlySet<StorePath>,
): Problem | undefined {
  if (!hasRecord) return undefined
  const files = physicalPath(layout, path)
  const problem = (reason: string, touched: readonly string[] = []): Problem => ({
    kind: 'object',
    path,
    files,
    reason,
    touched,
  })
  const records = [objectRecordFile(layout, path), layerFile(layerFolder(layout, path))].filter(isThere)
  if (object === undefined) return problem(`its record ${records.join(', ')} cannot be read`)
  if (!hasFiles) return problem('its files are missing')
  const missing = object.references.filter((reference) => !whole.has(reference))
  if (missing.length > 0) return problem(`it refers to ${missing.join(', ')}, which is not in the store`)
  const different = layer === undefined || isThere(files) ? difference(object, files) : undefined
  return different === undefined ? undefined : problem(different, writtenTo(Buffer.from(files)))
}

function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined
}

function difference(object: StoreObject, files: string): string | undefined {
  let node: Node
  try {
    node = readNode(files)
  } catch (error) {
    if (error instanceof CodedError) return error.message // a kind of file that no object holds
    return `it cannot be read: ${(error as Error).message}` // readNode throws errors of the file system
  }
  if (node.kind !== object.kind) return `it is a ${node.kind}, not a ${object.kind}`
  if (node.digest !== object.digest)
    return `its content is not what was stored (${contentSize(node)} bytes, stored were ${object.contentBytes})`
  const executable = node.kind === 'file' && node.executable
  return executable === object.executable ? undefined : 'its executable bit is not what was stored'
}

const MOST_TOUCHED = 5

/** Stored files all have the same time: one with another was written to after that. */
function writtenTo(path: Buffer): readonly string[] {
  const touched: string[] = []
  const visit = (at: Buffer): void => {
    const stat = lstatSync(at, { throwIfNoEntry: false })
    if (stat === undefined || touched.length === MOST_TOUCHED) return
    if (stat.isDirectory()) for (const name of namesIn(at)) visit(join(at, name))
    if (stat.mtimeMs !== FILE_TIME_SECONDS * 1000) touched.push(at.toString())
  }
  visit(path)
  return touched
}

function resultProblems(
  { file, realisation }: ResultEntry,
  whole: ReadonlySet<StorePath>,
): readonly Problem[] {
  if (realisation === undefined) return [{ kind: 'result', file, reason: 'it cannot be read' }]
  const described = new Set(realisation.passing?.map(({ path }) => path))
  return realisation.artifacts.flatMap(({ object }) =>
    whole.has(object) || described.has(object)
      ? []
      : [{ kind: 'result' as const, file, reason: `it names ${object}, which is not in the store` }],
  )
}
