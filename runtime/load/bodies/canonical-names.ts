// canonical-names.ts — gives the variables of a body names by their order, so that renaming one changes no digest.
import type { ts } from 'ts-morph'
import { type ParsedModule, syntax } from './compiler.ts'
import { declarationOf, eachName } from './names.ts'
import type { Edit } from './splice.ts'

/** One per body: the same declaration always gets the same name. */
export class CanonicalNames {
  readonly #names = new Map<ts.Declaration, string>()
  readonly #module: ParsedModule
  readonly #isOwn: (declaration: ts.Declaration) => boolean

  /** @param isOwn whether a declaration is part of the body's text. */
  constructor(module: ParsedModule, isOwn: (declaration: ts.Declaration) => boolean) {
    this.#module = module
    this.#isOwn = isOwn
  }

  /** The name to write for `name`; its own when it stands for something outside. */
  of(name: ts.Identifier): string {
    const declaration = declarationOf(this.#module, name)
    return declaration === undefined || !this.#isOwn(declaration)
      ? name.text
      : this.ofDeclaration(declaration, name.text)
  }

  ofDeclaration(declaration: ts.Declaration, text: string): string {
    if (!isRenamable(declaration)) return text
    const known = this.#names.get(declaration)
    if (known !== undefined) return known
    const fresh = `$${this.#names.size}`
    this.#names.set(declaration, fresh)
    return fresh
  }

  /** The edits that rename everything in `root`. */
  editsIn(root: ts.Node): readonly Edit[] {
    const edits: Edit[] = []
    eachName(root, (name) => {
      const text = this.of(name)
      if (text === name.text) return
      const prefix = isShorthand(name) ? `${name.text}: ` : ''
      edits.push({ start: name.getStart(this.#module.source), end: name.end, text: prefix + text })
    })
    return edits
  }
}

function isShorthand(name: ts.Identifier): boolean {
  const { parent } = name
  if (syntax.isShorthandPropertyAssignment(parent)) return parent.name === name
  return (
    syntax.isBindingElement(parent) &&
    parent.name === name &&
    parent.propertyName === undefined &&
    parent.dotDotDotToken === undefined &&
    syntax.isObjectBindingPattern(parent.parent)
  )
}

/** Members of enums and namespaces, and parameters that declare properties, are names that others see. */
function isRenamable(declaration: ts.Declaration): boolean {
  if (syntax.isParameter(declaration)) return (syntax.getModifiers(declaration)?.length ?? 0) === 0
  if (syntax.isEnumMember(declaration)) return false
  for (let node: ts.Node = declaration.parent; node !== undefined; node = node.parent)
    if (syntax.isModuleBlock(node)) return false
  return true
}
