// package.ts — a chain, or a step by itself, as a package of the plan: the document flows from step to step.
import type { Node, PlanNote, Site } from '../chain/node.ts'
import { byCodeUnit } from '../plan/json.ts'
import type { Expr, PlannedChainStep, PlannedPackage } from '../plan/plan.ts'
import { nearest } from '../step/nearest.ts'
import { refsIn, type RefTarget } from '../step/ref.ts'
import { overlay, select } from './document.ts'
import { planError, positionOf, type Draft } from './draft.ts'
import { literal, recordOf } from './expr.ts'
import { lowerStep, type Place } from './step.ts'
import { lowerValue, type ValueSource } from './value.ts'

/** The document after a node, and the steps that gave it. */
interface Lowered {
  readonly document: Expr
  readonly steps: readonly PlannedChainStep[]
}

/**
 * What it refers to comes first; with a stack of our own, because packages may be thousands deep.
 * @throws CodedError for all that is wrong with the chain or with what it refers to.
 */
export function lowerPackage(draft: Draft, root: Node): PlannedPackage {
  const open = [root]
  for (let node = open.at(-1); node !== undefined; node = open.at(-1)) {
    const missing = [...nodesReferredTo(node)].filter((each) => !draft.packages.has(each))
    if (missing.length > 0) {
      for (const each of missing) open.push(each)
      continue
    }
    packageOf(draft, node)
    open.pop()
  }
  return packageOf(draft, root)
}

function* nodesReferredTo(node: Node): Generator<Node> {
  switch (node.kind) {
    case 'step':
      for (const { node: target } of refsIn(node.params)) yield target
      return
    case 'when':
      if (node.holds) yield* nodesReferredTo(node.step)
      return
    case 'chain':
      for (const { node: target } of refsIn(node.given?.value)) yield target
      for (const step of node.steps) yield* nodesReferredTo(step)
      return
    case 'parallel':
      for (const branch of Object.values(node.branches)) yield* nodesReferredTo(branch)
  }
}

function packageOf(draft: Draft, node: Node): PlannedPackage {
  const known = draft.packages.get(node)
  if (known !== undefined) return known
  const { document, steps } = lowerNode(draft, node, { chain: node.name, prefix: '' }, literal({}), true)
  const lowered: PlannedPackage = { name: node.name, steps, output: document }
  draft.packages.set(node, lowered)
  return lowered
}

/** `isRoot`: the node's own name is the package's, not a part of its steps' names. */
function lowerNode(draft: Draft, node: Node, place: Place, document: Expr, isRoot: boolean): Lowered {
  const inside = isRoot ? place : { ...place, prefix: `${place.prefix}${node.name}/` }
  switch (node.kind) {
    case 'step': {
      const step = lowerStep(sourceOf(draft, node.site, `step '${node.name}'`), node, place, document)
      const output: Expr = { kind: 'output', step, path: [] }
      const { mode, preparesSource } = node.definition
      const after = mode === 'carry' ? overlay(draft, document, output) : output
      const planned = { name: place.prefix + node.name, step, mode, preparesSource, document: after }
      return { document: after, steps: [planned] }
    }
    case 'when':
      return node.holds
        ? lowerNode(draft, { ...node.step, name: node.name }, place, document, isRoot)
        : { document, steps: [] }
    case 'chain':
      return lowerChain(draft, node, inside, document)
    case 'parallel': {
      const branches = Object.entries(node.branches)
        .toSorted(([a], [b]) => byCodeUnit(a, b))
        .map(([key, branch]) => [key, lowerBranch(draft, key, branch, inside, document)] as const)
      return {
        document: recordOf(Object.fromEntries(branches.map(([key, branch]) => [key, branch.document]))),
        steps: branches.flatMap(([, branch]) => branch.steps),
      }
    }
  }
}

/** Once, however many packages of the file say it: extensions share modules. */
function warn(draft: Draft, { message, site }: PlanNote): void {
  const position = positionOf(draft, site)
  const isSaid = draft.warnings.some(
    (each) =>
      each.message === message &&
      each.position?.file === position?.file &&
      each.position?.line === position?.line &&
      each.position?.column === position?.column,
  )
  if (!isSaid) draft.warnings.push({ message, position })
}

function lowerChain(draft: Draft, node: Node & { kind: 'chain' }, place: Place, document: Expr): Lowered {
  if (node.steps.length === 0)
    throw planError(draft, node.site, 'TN1321', `chain '${node.name}' has no steps`, {
      hint: 'Give it at least one step.',
    })
  for (const note of node.notes ?? []) warn(draft, note)
  const given =
    node.given &&
    lowerValue(sourceOf(draft, node.site, `the input of chain '${node.name}'`), node.given.value)
  let current = given ?? document
  const steps: PlannedChainStep[] = []
  for (const step of node.steps) {
    const lowered = lowerNode(draft, step, place, current, false)
    current = lowered.document
    for (const each of lowered.steps) steps.push(each)
  }
  return { document: current, steps }
}

/** A branch is named by its key: a step `fan/man`, a chain's steps `fan/man/unpack`. */
function lowerBranch(draft: Draft, key: string, branch: Node, place: Place, document: Expr): Lowered {
  return lowerNode(draft, { ...branch, name: key }, place, document, false)
}

function sourceOf(draft: Draft, site: Site, owner: string): ValueSource {
  return { draft, site, owner, resolve: (target, at) => resolve(draft, target, at) }
}

/** @throws CodedError TN1311 */
function resolve(draft: Draft, target: RefTarget, site: Site): Expr {
  let expr = packageOf(draft, target.node).output
  for (const [i, key] of target.path.entries()) {
    const selected = select(draft, expr, key)
    const path = `${target.node.name}.output.${target.path.slice(0, i + 1).join('.')}`
    if (selected.kind === 'unknown')
      throw planError(draft, site, 'TN1311', `there is no ${path}`, { hint: nearest(key, selected.known) })
    if (selected.kind === 'undecided')
      throw planError(
        draft,
        site,
        'TN1311',
        `${path} may come from one of two steps: a carrying step gives it or not`,
        {
          hint: 'Make the field mandatory in the output of the step that carries, or refer to one step by itself.',
        },
      )
    expr = selected.expr
  }
  return expr
}
