// target.ts — from a build file, an export and perhaps a step to the document that is asked for. Realises nothing.
import { CodedError } from '../../dsl/plan/coded-error.ts'
import type { Expr, PlannedChainStep, PlannedPackage, PlanningContext } from '../../dsl/plan/plan.ts'
import { lockedHashes } from './lock.ts'
import { load, type Loaded, type LoadRequest } from '../load/load.ts'
import { projectRoot } from '../load/project-root.ts'
import { currentPlatform } from './platform.ts'
import { nearest } from '../report/nearest.ts'
import { noRoom } from '../store/files/full-file-system.ts'

export interface TargetName {
  readonly file: string // absolute path of the build file
  readonly exportName: string
  readonly step: string | null
}
export interface Target {
  readonly name: TargetName
  readonly loaded: Loaded
  readonly package: PlannedPackage
  /** The chain's steps up to the one that is asked for. */
  readonly steps: readonly PlannedChainStep[]
  readonly document: Expr
}

export interface LoadTargetOptions extends TargetName {
  readonly home: string
  /** Plan as if tenon.lock were empty: what `tenon update` does. */
  readonly ignoreLock?: boolean
}

/** @throws CodedError TN1xxx of the build file, TN4xxx of tenon.lock, TN5002, TN6101 and TN6102 for unknown names. */
export async function loadTarget(options: LoadTargetOptions): Promise<Target> {
  const loaded = await loadFile(options.file, options.home, options.ignoreLock ?? false)
  const { plan } = loaded
  const found = Object.hasOwn(plan.packages, options.exportName)
    ? plan.packages[options.exportName]
    : undefined
  if (found === undefined) throw unknownExport(options, loaded)
  const name: TargetName = { file: options.file, exportName: options.exportName, step: options.step }
  if (options.step === null)
    return { name, loaded, package: found, steps: found.steps, document: found.output }
  const at = found.steps.findIndex((step) => step.name === options.step)
  const step = found.steps[at]
  if (step === undefined) throw unknownStep(options.step, found)
  return { name, loaded, package: found, steps: found.steps.slice(0, at + 1), document: step.document }
}

export function loadRequest(file: string, home: string, ignoreLock = false): LoadRequest {
  const context: PlanningContext = {
    platform: currentPlatform(),
    locked: ignoreLock ? {} : lockedHashes(projectRoot(file)),
  }
  return { file, home, context, typeCheck: true }
}

export function loadFile(file: string, home: string, ignoreLock = false): Promise<Loaded> {
  return loadRequested(loadRequest(file, home, ignoreLock))
}

/** Of a file whose types somebody else checks. */
export function planFile(file: string, home: string): Promise<Loaded> {
  return loadRequested({ ...loadRequest(file, home), typeCheck: false })
}

async function loadRequested(request: LoadRequest): Promise<Loaded> {
  try {
    return await load(request)
  } catch (error) {
    throw noRoom(error, request.home) ?? error
  }
}

function unknownExport(options: TargetName, { plan, otherExports }: Loaded): CodedError {
  const packages = Object.keys(plan.packages)
  if (otherExports.includes(options.exportName))
    return new CodedError(
      'TN6103',
      `the export '${options.exportName}' of ${options.file} is not a package`,
      {
        hint: packages.length === 0 ? 'export a chain(…)' : `packages in this file: ${packages.join(', ')}`,
      },
    )
  const like = nearest(options.exportName, packages)
  return new CodedError('TN6101', `${options.file} has no export '${options.exportName}'`, {
    hint:
      like !== undefined
        ? `did you mean '#${like}'?`
        : packages.length === 0
          ? 'the file exports no package: export a chain(…)'
          : `it exports ${packages.map((name) => `#${name}`).join(', ')}`,
  })
}

function unknownStep(step: string, { name, steps }: PlannedPackage): CodedError {
  const names = steps.map((planned) => planned.name)
  const like = nearest(step, names)
  return new CodedError('TN6102', `the chain '${name}' has no step '${step}'`, {
    hint: like === undefined ? `its steps: ${names.join(', ')}` : `did you mean '@${like}'?`,
  })
}
