// listing.ts — a package's options as data, for `tenon options` and `tenon docs`. Asks for no steps.
import type { Site } from '../../chain/node.ts'
import { CodedError } from '../../plan/coded-error.ts'
import { byCodeUnit, canonicalJson, NotJsonError, type Json } from '../../plan/json.ts'
import type { ListedOption, OptionListing, SourcePosition } from '../../plan/plan.ts'
import type { OptionNode } from '../declare/option.ts'
import type { Evaluation } from '../evaluate/contract.ts'
import { evaluation } from '../evaluate/evaluation.ts'
import { readable } from '../evaluate/fault.ts'
import {
  declaredAt,
  definedAt,
  entriesOf,
  pathOf,
  type Definition,
  type Entry,
} from '../evaluate/option-tree.ts'
import { typeText } from './type-text.ts'

type Locate = (site: Site) => SourcePosition | null

/** In order of their paths. */
export function listOptions(name: string, evaluated: Evaluation, locate: Locate): OptionListing {
  const options = [...entriesOf(evaluated.options())].flatMap((entry) => listed(evaluated, entry, locate))
  return { package: name, options: options.toSorted((a, b) => byCodeUnit(a.path, b.path)) }
}

function listed(evaluated: Evaluation, entry: Entry, locate: Locate): readonly ListedOption[] {
  const { option } = entry
  const path = pathOf(entry)
  const value = valueOf(evaluated, entry)
  const counting = new Set(value.kind === 'known' ? evaluated.counting(entry) : [])
  const definitions = listedDefinitions(entry, locate, (each) => counting.has(each))
  const own = { ...documentedOption(option, path, locate(declaredAt(entry))), value, definitions }
  if (option.kind !== 'submodules') return [own]
  const inner = evaluation(option.module, { name: '<name>', path: `${path}.<name>` })
  return [own, ...[...entriesOf(inner.options())].map((each): ListedOption => inSubmodule(each, locate))]
}

/** Of any submodule: what its module itself sets. */
function inSubmodule(entry: Entry, locate: Locate): ListedOption {
  const documented = documentedOption(entry.option, pathOf(entry), locate(declaredAt(entry)))
  return {
    ...documented,
    value: { kind: 'none' },
    definitions: listedDefinitions(entry, locate, () => true),
  }
}

function listedDefinitions(
  entry: Entry,
  locate: Locate,
  counts: (definition: Definition) => boolean,
): ListedOption['definitions'] {
  return entry.definitions.map((definition) => ({
    priority: definition.weight.priority,
    counts: counts(definition),
    position: locate(definedAt(definition)),
  }))
}

function documentedOption(
  option: OptionNode,
  path: string,
  position: SourcePosition | null,
): Omit<ListedOption, 'value' | 'definitions'> {
  const { description, readOnly, internal, kind } = option
  const given = option.default === null && kind === 'value' ? schemaDefault(option) : option.default
  return {
    path,
    kind,
    type: typeText(option),
    description,
    default: given === null ? null : jsonOf(typeof given.value === 'function' ? '(a package)' : given.value),
    hasDefault: given !== null,
    example: option.example === null ? null : jsonOf(option.example.value),
    readOnly,
    internal,
    declaredAt: position,
  }
}

function schemaDefault(option: OptionNode & { readonly kind: 'value' }): { readonly value: unknown } | null {
  const result = option.schema.safeParse(undefined)
  return result.success ? { value: result.data ?? null } : null
}

/** What goes wrong in one option is part of the list: it may be why somebody looks. */
function valueOf(evaluated: Evaluation, entry: Entry): ListedOption['value'] {
  try {
    return { kind: 'known', json: jsonOf(evaluated.read(entry)) }
  } catch (error) {
    if (error instanceof CodedError) return { kind: 'failed', code: error.code, message: error.message }
    return { kind: 'failed', code: 'TN1200', message: error instanceof Error ? error.message : String(error) }
  }
}

function jsonOf(value: unknown): Json {
  if (value === undefined) return null
  const plain = readable(value)
  try {
    return JSON.parse(canonicalJson(plain)) as Json // canonical JSON is JSON
  } catch (error) {
    if (error instanceof NotJsonError) return `(${error.found})`
    throw error
  }
}
