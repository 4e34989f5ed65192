// realm.ts — from the exports of a build file to its plan. Evaluating the file is left to runtime/load.
import type { Node } from './chain/node.ts'
import { newDraft, positionOf, type Draft, type RealmContext } from './lower/draft.ts'
import { lowerPackage } from './lower/package.ts'
import { evaluateOf } from './modules/package/package.ts'
import { listOptions } from './modules/package/listing.ts'
import { byCodeUnit, canonicalJson } from './plan/json.ts'
import {
  PLAN_FORMAT,
  type OptionListing,
  type Plan,
  type Planned,
  type PlannedPackage,
  type PlanningContext,
} from './plan/plan.ts'

/**
 * The `Planned` of a build file, as canonical JSON text: text crosses from one realm to another unharmed.
 * @throws CodedError TN13xx, TN20xx
 */
export function planModule(exports: Record<string, unknown>, context: RealmContext): string {
  const draft = newDraft(context)
  if (context.only === 'options') return canonicalJson(listedOptions(exports, context))
  const packages: Record<string, PlannedPackage> = {}
  const otherExports: string[] = []
  for (const name of Object.keys(exports).toSorted(byCodeUnit)) {
    const node = chainNode(exports[name])
    // A chain that waits for its input is a part for other chains; only the default export must be a package.
    if (node === null || (name !== 'default' && awaitsInput(node))) otherExports.push(name)
    else packages[name] = lowerPackage(draft, node)
  }
  return plannedText(draft, packages, otherExports)
}

/** Canonical: members in the order of their names. Steps and schemas have been written once already. */
function plannedText(
  { schemas, steps, positions, warnings }: Draft,
  packages: Plan['packages'],
  otherExports: Planned['otherExports'],
): string {
  const plan = `{"format":${PLAN_FORMAT},"packages":${canonicalJson(packages)},"schemas":${schemas.text()},"steps":${steps.text()}}`
  const told = warnings.length === 0 ? '' : `,"warnings":${canonicalJson(warnings)}`
  const places = canonicalJson({ steps: positions } satisfies Planned['positions'])
  return `{"otherExports":${canonicalJson(otherExports)},"plan":${plan},"positions":${places}${told}}`
}

/** Puts no package together: that one of them can't be is no reason not to list its options. */
function listedOptions(exports: Record<string, unknown>, context: RealmContext): Planned {
  const draft = newDraft(context)
  const options: Record<string, OptionListing> = {}
  const otherExports: string[] = []
  for (const name of Object.keys(exports).toSorted(byCodeUnit)) {
    const evaluate = evaluateOf(exports[name])
    if (evaluate === undefined) otherExports.push(name)
    else {
      const evaluated = evaluate()
      options[name] = listOptions(evaluated.contextFor(null).name, evaluated, (site) =>
        positionOf(draft, site),
      )
    }
  }
  const plan = { format: PLAN_FORMAT, schemas: [], steps: [], packages: {} } as const
  return { plan, positions: { steps: [] }, otherExports, options }
}

/**
 * The plan of packages without a build file, frozen. Steps with a `run` body need the loader; scripts and host steps do not.
 * @throws CodedError TN13xx, TN20xx
 */
export function instantiate(packages: Record<string, unknown>, context: PlanningContext): Planned {
  const text = planModule(packages, { ...context, projectRoot: '/', locate: () => null })
  return JSON.parse(text, (_, value: unknown) => Object.freeze(value)) as Planned // planModule wrote it
}

function chainNode(value: unknown): Node | null {
  if (typeof value !== 'object' || value === null || !('~node' in value)) return null
  const node = value['~node'] as Node // only our values have it
  return node.kind === 'chain' ? node : null
}

function awaitsInput(node: Node): boolean {
  switch (node.kind) {
    case 'step':
      return !node.definition.input.safeParse({}).success
    case 'when':
      return false
    case 'chain':
      return node.given === undefined && node.steps[0] !== undefined && awaitsInput(node.steps[0])
    case 'parallel':
      return Object.values(node.branches).some(awaitsInput)
  }
}
