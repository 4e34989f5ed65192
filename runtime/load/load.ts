// load.ts — from a build file to its plan; an unchanged project answers from the cache without any compiler.
import { existsSync, realpathSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { canonicalJson } from '../../dsl/plan/json.ts'
import type { Planned } from '../../dsl/plan/plan.ts'
import { bodyFile } from './body-file.ts'
import { entryInputs, readEntry } from './cache-entry.ts'
import type { LoadRequest, PlanEntry } from './load-request.ts'
import { projectRoot } from './project-root.ts'

export interface Loaded extends Planned {
  readonly fromCache: boolean
  readonly projectRoot: string
}

export type { LoadRequest } from './load-request.ts'
export { bodyFile } from './body-file.ts'

/** @throws CodedError TN10xx: types; TN11xx: step bodies; TN12xx: planning; or what the build file's own calls found. */
export async function load({ file, ...rest }: LoadRequest): Promise<Loaded> {
  requireBuildFile(file)
  // Positions are real paths, and project files are named from them.
  const request = { ...rest, file: realpathSync(file) }
  const root = projectRoot(request.file)
  const key = planKey(request, root)
  const cached = cachedPlan(request.home, key)
  const isTyped = !request.typeCheck || readEntry(request.home, 'types', request.file) !== undefined
  if (cached !== undefined && isTyped) return { ...cached, fromCache: true, projectRoot: root }
  const { freshPlan } = await import('./fresh-plan.ts')
  const planned = await freshPlan({ ...request, projectRoot: root, key, cached, mustCheckTypes: !isTyped })
  return { ...planned, fromCache: false, projectRoot: root }
}

/** The files that an unchanged load looked at; empty when there is no entry for it. Some need not exist. */
export function loadInputs({ file, ...rest }: LoadRequest): readonly string[] {
  const request = { ...rest, file: realpathSync(file) }
  const plans = entryInputs(request.home, 'plans', planKey(request, projectRoot(request.file)))
  const types = request.typeCheck ? entryInputs(request.home, 'types', request.file) : []
  return plans === undefined || types === undefined ? [] : [...plans, ...types]
}

/** The context is part of it: another lock or platform is another plan. */
function planKey(request: LoadRequest, root: string): string {
  return canonicalJson([request.file, root, request.context])
}

function cachedPlan(home: string, key: string): Planned | undefined {
  // Only fresh-plan.ts writes entries of this kind; their format number was compared.
  const entry = readEntry(home, 'plans', key) as PlanEntry | undefined
  return entry?.bodies.every((digest) => existsSync(bodyFile(home, digest))) === true
    ? entry.planned
    : undefined
}

const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs']

export function requireBuildFile(file: string): void {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (stats === undefined)
    throw new CodedError('TN1001', `there is no build file ${file}`, {
      hint: 'Name another file, or make one with: tenon init',
    })
  if (!stats.isFile())
    throw new CodedError('TN1001', `${file} is ${stats.isDirectory() ? 'a directory' : 'no file'}`, {
      hint: `Name the build file itself${stats.isDirectory() ? `: ${join(file, 'build.ts')}` : ''}.`,
    })
  if (!EXTENSIONS.includes(extname(file)))
    throw new CodedError('TN1002', `${file} is neither TypeScript nor JavaScript`, {
      hint: `A build file ends in ${EXTENSIONS.join(', ')}.`,
    })
}
