// plan-view.ts — a module as planning sees it: each body replaced by a handle, and what only bodies needed gone.
import type { ts } from 'ts-morph'
import { importText } from './import-text.ts'
import { syntax } from './compiler.ts'
import type { ModuleAnalysis } from './module-analysis.ts'
import type { Item } from './module-items.ts'
import { eachName } from './names.ts'
import type { Slice } from './slice.ts'
import { type Edit, splice } from './splice.ts'

export interface CutBody {
  readonly slice: Slice
  readonly digest: string
}

/** In the language of the module. */
export function planView(module: ModuleAnalysis, bodies: readonly CutBody[]): string {
  if (bodies.length === 0) return module.text
  const isModule = syntax.isExternalModule(module.source)
  const handle = isModule ? '__tenonPlanning.bodyHandle' : "require('tenon').__tenon.bodyHandle"
  const handles = bodies.map(({ slice, digest }): Edit => {
    const { member, interpreter } = slice.definition
    const captured = slice.captures.map(({ name }) => name).join(', ')
    const text = `run: ${handle}(${JSON.stringify(digest)}, { ${captured} }${interpreter === 'node' ? '' : `, '${interpreter}'`})`
    return { start: member.getStart(module.source), end: member.end, text }
  })
  const view = splice(module.text, [...handles, ...removals(module, bodies)])
  return isModule ? `${view}\nimport { __tenon as __tenonPlanning } from "tenon";\n` : view
}

/** Blanks the items that some body uses and nothing that plans does. */
function removals(module: ModuleAnalysis, bodies: readonly CutBody[]): readonly Edit[] {
  const needed = neededForPlanning(module, bodies)
  const unneeded = new Set(
    bodies.flatMap(({ slice }) => [...slice.items]).filter((item) => !needed.has(item)),
  )
  const statements = Map.groupBy(module.items, ({ statement }) => statement)
  return [...statements].flatMap(([statement, items]) => {
    const kept = items.filter((item) => !unneeded.has(item))
    if (kept.length === items.length) return []
    const [start, end] = [statement.getStart(module.source), statement.end]
    if (kept.length === 0) return [{ start, end, text: ';' }]
    if (syntax.isImportDeclaration(statement)) {
      const nodes = kept.map(({ node }) => node)
      return [{ start, end, text: importText(statement, nodes, (name) => name.text) }]
    }
    // Some declarators of a statement: the others keep their place and get no value.
    return items.filter((item) => unneeded.has(item)).map((item, index) => emptied(module, item, index))
  })
}

function emptied(module: ModuleAnalysis, { node }: Item, index: number): Edit {
  const start = node.getStart(module.source)
  return { start, end: node.end, text: `__tenonUnused${index}_${start} = 0` }
}

function neededForPlanning(module: ModuleAnalysis, bodies: readonly CutBody[]): ReadonlySet<Item> {
  const sliced = new Set(bodies.flatMap(({ slice }) => [...slice.items]))
  const members = new Set<ts.Node>(module.definitions.map(({ member }) => member))
  const exported = locallyExported(module)
  const needed = new Set<Item>()
  const pending = module.items.filter(
    // An effect that completes a value of some body alone is no use of planning.
    (item) => !sliced.has(item) || item.isExported || exported.has(item),
  )
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    if (needed.has(item)) continue
    needed.add(item)
    for (const change of module.changes.get(item) ?? []) pending.push(change.by)
    eachName(
      item.node,
      (name) => {
        const used = module.itemOf(name)
        if (used !== undefined) pending.push(used)
      },
      members,
    )
  }
  return needed
}

/** Named in `export { … }`. */
function locallyExported(module: ModuleAnalysis): ReadonlySet<Item> {
  const found = new Set<Item>()
  for (const statement of module.source.statements)
    if (syntax.isExportDeclaration(statement))
      eachName(statement, (name) => {
        const item = module.itemOf(name)
        if (item !== undefined) found.add(item)
      })
  return found
}
