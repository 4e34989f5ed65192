// slice.ts — the part of a module that one step body really uses; refuses what cannot leave the module.
import type { ts } from 'ts-morph'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { type Capture, checkOwnContext, captureOf } from './captures.ts'
import { syntax } from './compiler.ts'
import type { ModuleAnalysis } from './module-analysis.ts'
import type { Item } from './module-items.ts'
import { declarationOf, eachName } from './names.ts'
import { positionOf } from './position.ts'
import type { StepDefinition } from './step-definitions.ts'
import { plans, tenonNameOf, tenonUse } from './tenon-names.ts'

export interface Slice {
  readonly definition: StepDefinition
  readonly items: ReadonlySet<Item>
  /** Variables of functions around the step, by name; their values are data of the plan. */
  readonly captures: readonly Capture[]
}

/** Where the body, directly or through other items, came upon something. */
interface Trail {
  /** In the body. */
  readonly name: ts.Identifier
  readonly item: Item | undefined
}

/** @throws CodedError TN1103–TN1107, TN1110, TN1111. */
export function sliceOf(module: ModuleAnalysis, definition: StepDefinition): Slice {
  const { run, label } = definition
  const trails = new Map<Item, Trail>()
  const pending: Item[] = []
  const captures = new Map<ts.Declaration, Capture>()
  const add = (item: Item, trail: Trail): void => {
    if (trails.has(item)) return
    trails.set(item, trail)
    pending.push(item)
  }
  checkOwnContext(module, run, label)
  eachName(run, (name) => {
    requireRunnable(module, name, { name, item: undefined }, label)
    const declaration = declarationOf(module, name)
    if (declaration === undefined || isWithin(declaration, run)) return
    const item = module.itemOf(name)
    if (item !== undefined) return add(item, { name, item })
    captures.set(declaration, captureOf(module, definition, name, declaration))
  })
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    const trail = trails.get(item)
    if (trail === undefined) throw new Error('an item of the slice has no trail')
    for (const effect of initialisersOf(module, item, trail, label)) add(effect, trail)
    eachName(item.node, (name) => {
      requireRunnable(module, name, trail, label)
      const used = module.itemOf(name)
      if (used !== undefined) add(used, trail)
    })
  }
  requireUnchanged(module, trails, label)
  return { definition, items: new Set(trails.keys()), captures: [...captures.values()] }
}

function isWithin(node: ts.Node, root: ts.Node): boolean {
  return node.pos >= root.pos && node.end <= root.end && !syntax.isSourceFile(node)
}

/** Refuses a name whose value can only exist while planning, or that belongs to the module system. */
function requireRunnable(module: ModuleAnalysis, name: ts.Identifier, trail: Trail, label: string): void {
  const declaration = declarationOf(module, name)
  const isModuleObject = declaration === undefined || syntax.isSourceFile(declaration)
  if (isModuleObject && ['exports', 'module'].includes(name.text) && /\.c?js$/.test(module.file))
    throw new CodedError('TN1111', `the body of step ${label} uses '${name.text}' of its CommonJS module`, {
      position: positionOf(module, name),
      hint: 'A body leaves its module. Refer to the function or constant itself, or publish the library as ES modules.',
    })
  const tenon = declaration === undefined ? undefined : tenonNameOf(declaration)
  // The import itself decides nothing: each use does.
  if (tenon === undefined || declaration === name.parent || !plans(name, tenon)) return
  const use = tenonUse(name, tenon)
  const isDirect = trail.item === undefined || trail.item.kind === 'import'
  const fact = isDirect
    ? `the body of step ${label} uses '${use}' of '${tenon.entry}', which only plans`
    : `the body of step ${label} uses '${trail.name.text}', which is made while planning (by '${use}' of '${tenon.entry}')`
  throw new CodedError('TN1106', fact, {
    position: positionOf(module, trail.name),
    hint: isDirect
      ? 'A body runs later, in a process of its own: plan outside of it and hand the result over through params.'
      : `Declare what the body needs of it in params, and pass it where the step is used.`,
  })
}

/** The statements that complete an item's value while the module is first run. */
function initialisersOf(module: ModuleAnalysis, item: Item, trail: Trail, label: string): readonly Item[] {
  const effects: Item[] = []
  for (const change of module.changes.get(item) ?? []) {
    // Compiled code declares with `var` and fills in at once: enums, classes with static blocks.
    if (change.kind === 'reassigned' && !(change.isInitial && isVar(item)))
      throw changed(module, change.name, trail, label)
    if (change.by.kind === 'effect' && !syntax.isExportAssignment(change.by.node)) effects.push(change.by)
  }
  return effects
}

function isVar({ node }: Item): boolean {
  return (
    syntax.isVariableDeclaration(node) &&
    syntax.isVariableDeclarationList(node.parent) &&
    (node.parent.flags & syntax.NodeFlags.BlockScoped) === 0
  )
}

function requireUnchanged(module: ModuleAnalysis, trails: ReadonlyMap<Item, Trail>, label: string): void {
  for (const [item, trail] of trails)
    for (const change of module.changes.get(item) ?? [])
      if (!trails.has(change.by)) throw changed(module, change.name, trail, label)
}

function changed(module: ModuleAnalysis, at: ts.Identifier, trail: Trail, label: string): CodedError {
  const { line } = positionOf(module, at)
  const through = trail.name.text === at.text ? '' : ` (through '${trail.name.text}')`
  return new CodedError(
    'TN1105',
    `the body of step ${label} uses '${at.text}'${through}, which line ${line} changes`,
    {
      position: positionOf(module, trail.name),
      hint: 'A body starts from the module as written, in a process of its own: pass the value through params, or make it a constant.',
    },
  )
}
