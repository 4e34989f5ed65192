// plan-view.ts — a target as `tenon plan` and `tenon graph` show it: every step, its data, its key where it is known already. Runs nothing.
import { CodedError } from '../../dsl/plan/coded-error.ts'
import type { Digest } from '../../dsl/plan/digest.ts'
import type { Json, JsonObject } from '../../dsl/plan/json.ts'
import type { PlannedChainStep, PlannedStep, PlanWarning, SourcePosition } from '../../dsl/plan/plan.ts'
import { interpreterOf, schemaOf } from '../rebuild/prepare.ts'
import type { Granularity } from '../schedule/grouping.ts'
import { neededSteps } from '../schedule/needed-steps.ts'
import { Store } from '../store/store.ts'
import { lookAhead, type Foreseen } from './look-ahead.ts'
import { loadTarget, type LoadTargetOptions, type Target } from './target.ts'
import { groupsOf, unitsOf } from './units.ts'

/** Raised when a field changes its meaning. */
const PLAN_VIEW_VERSION = 1

export interface StepView {
  readonly index: number
  readonly chain: string
  readonly name: string
  readonly mode: 'map' | 'carry' | null // null: not a step of the target's own chain
  readonly interpreter: string // node, sh, or the host operation
  readonly body: JsonObject
  readonly params: Json // an expression of dsl/plan
  readonly input: Json
  readonly tools: readonly string[]
  readonly platform: string
  readonly network: boolean
  readonly fixedOutput: { readonly hash: string | null; readonly lockKey: string | null } | null
  readonly outputs: readonly { readonly pointer: string; readonly kind: string }[]
  readonly schemas: { readonly params: JsonObject; readonly input: JsonObject; readonly output: JsonObject }
  /** Steps whose results it uses. */
  readonly inputsFrom: readonly number[]
  /** null while an input is not realised. */
  readonly key: Digest | null
  /** Whether the store has its result; null: known only after an input is realised. */
  readonly realised: boolean | null
  /** Fields of the document before that this step neither takes nor hands on. */
  readonly drops: readonly string[]
  readonly position: SourcePosition | null
}
export interface UnitView {
  readonly steps: readonly number[]
  /** Why it ends where it ends. */
  readonly because: string | null
}
export interface PlanView {
  readonly format: typeof PLAN_VIEW_VERSION
  readonly target: { readonly file: string; readonly export: string; readonly step: string | null }
  readonly package: string
  readonly steps: readonly StepView[] // in the order in which a build with one job would run them
  /** Consecutive steps of a chain of which only the last keeps its work trees. */
  readonly units: readonly UnitView[]
  /** What its modules say. */
  readonly warnings: readonly PlanWarning[]
}

/** @throws CodedError of loading. Starts no process when the build file is unchanged since it was last loaded. */
export async function planTarget(
  options: LoadTargetOptions & { readonly granularity: Granularity },
): Promise<PlanView> {
  const target = await loadTarget(options)
  const graph = neededSteps(target.loaded.plan, target.document)
  const foreseen = await lookAhead(target, options.home, graph)
  const units = unitsOf(target, target.document, graph, Store.open(options.home), options.granularity)
  const steps = [...graph.needs].map(([index, needs]) => stepView(target, index, needs, foreseen.get(index)))
  return {
    format: PLAN_VIEW_VERSION,
    target: { file: options.file, export: options.exportName, step: options.step },
    package: target.package.name,
    steps,
    units: groupsOf(target.loaded.plan, graph, units).map((group) => ({
      steps: group,
      because: units.why(group.at(-1) ?? -1),
    })),
    warnings: target.loaded.warnings ?? [],
  }
}

function stepView(
  target: Target,
  index: number,
  needs: ReadonlySet<number>,
  foreseen: Foreseen | undefined,
): StepView {
  const { plan, positions } = target.loaded
  const step = plan.steps[index]
  if (step === undefined) throw new CodedError('TN9005', `the plan has no step ${index}`)
  const at = target.steps.findIndex((planned) => planned.step === index)
  const inChain = target.steps[at]
  return {
    index,
    chain: step.chain,
    name: inChain?.name ?? step.name,
    mode: inChain?.mode ?? null,
    interpreter: step.body.kind === 'host' ? step.body.operation : interpreterOf(step),
    body: { ...step.body },
    params: step.params as unknown as Json,
    input: step.input as unknown as Json,
    tools: step.tools.flatMap((tool) => (tool.kind === 'host' ? tool.commands : ['(a tree)'])),
    platform: `${step.platform.os}-${step.platform.arch}`,
    network: step.network,
    fixedOutput: step.fixedOutput ?? null,
    outputs: step.outputs.map(({ pointer, kind }) => ({
      pointer,
      kind,
    })),
    schemas: {
      params: schemaOf(plan, step, 'params'),
      input: schemaOf(plan, step, 'input'),
      output: schemaOf(plan, step, 'output'),
    },
    inputsFrom: [...needs].toSorted((a, b) => a - b),
    key: foreseen?.key ?? null,
    realised: foreseen?.realised ?? null,
    drops: inChain === undefined ? [] : dropped(target, target.steps[at - 1], inChain, step),
    position: positions.steps[index] ?? null,
  }
}

/** What the step before hands on and this one neither declares as input nor carries. */
function dropped(
  target: Target,
  before: PlannedChainStep | undefined,
  planned: PlannedChainStep,
  step: PlannedStep,
): readonly string[] {
  if (before === undefined || planned.mode === 'carry') return []
  const { plan } = target.loaded
  const previous = plan.steps[before.step]
  if (previous === undefined) return []
  const taken = new Set(fieldsOf(schemaOf(plan, step, 'output')))
  return fieldsOf(schemaOf(plan, previous, 'output')).filter((field) => !taken.has(field))
}

function fieldsOf(schema: JsonObject): readonly string[] {
  const properties = schema['properties']
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : []
}
