// parse.ts — a value of an option against its schema. References stand in as text; a package stands for its one artifact.
import type { Node, RuntimeSchema, SchemaIssue } from '../../chain/node.ts'
import { jsonSchemaOf } from '../../schema/convert.ts'
import { ARTIFACT_KEYWORD } from '../../plan/schema.ts'
import { isPlain, objectSchema } from '../../step/object-schema.ts'
import { issueLine } from '../../step/params.ts'
import { lazyRef, refOf, refTarget, textParts, type RefTarget } from '../../step/ref.ts'
import { fault, isPackageValue } from './fault.ts'

export type Parsed =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problems: readonly string[] }

export function parsed(schema: RuntimeSchema, value: unknown): Parsed {
  const result = schema.safeParse(stoodIn(value))
  if (result.success) return { ok: true, value: frozen(restored(result.data)) }
  return { ok: false, problems: result.error.issues.map(problem) }
}

/** The option is named already: only what lies inside of its value needs a pointer. */
function problem(issue: SchemaIssue): string {
  return issue.path.length === 0 ? issue.message : issueLine(issue)
}

function stoodIn(value: unknown): unknown {
  if (isPackageValue(value)) return String(artifactOf(value))
  if (refTarget(value) !== undefined) return String(value)
  if (Array.isArray(value)) return value.map(stoodIn)
  if (isPlain(value))
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, stoodIn(member)]))
  return value
}

/** A text that is one reference and nothing else becomes the reference; within longer texts it stays as it is. */
function restored(value: unknown): unknown {
  if (typeof value === 'string') {
    const [only, ...others] = textParts(value)
    return typeof only === 'object' && others.length === 0 ? refOf(only) : value
  }
  if (Array.isArray(value)) return value.map(restored)
  if (isPlain(value))
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, restored(member)]))
  return value
}

/** Modules share values: nobody may change them. */
function frozen(value: unknown): unknown {
  if (refTarget(value) !== undefined) return value
  if (Array.isArray(value) || isPlain(value)) {
    Object.values(value).forEach(frozen)
    return Object.freeze(value)
  }
  return value
}

function artifactOf(value: { readonly name: string; readonly '~node': unknown }): unknown {
  return lazyRef(value.name, () => soleArtifact(value['~node'] as Node)) // any package's node
}

/** @throws CodedError TN1513 */
function soleArtifact(node: Node): RefTarget {
  const fields = artifactFields(node)
  const [only] = fields
  if (only !== undefined && fields.length === 1) return { node, path: [only] }
  const found = fields.length === 0 ? 'no file, tree or work tree by itself' : `several: ${fields.join(', ')}`
  throw fault(
    'TN1513',
    `the package '${node.name}' stands for an artifact, but gives ${found}`,
    `Name the field: ${node.name}.output.<field>.`,
  )
}

/** Of the document at its end, as far as steps that carry leave no doubt. */
function artifactFields(node: Node): readonly string[] {
  switch (node.kind) {
    case 'step': {
      const properties =
        objectSchema(jsonSchemaOf(node.definition.output, 'output', node.name))?.properties ?? {}
      return Object.keys(properties).filter((key) => properties[key]?.[ARTIFACT_KEYWORD] !== undefined)
    }
    case 'when':
      return node.holds ? artifactFields(node.step) : []
    case 'parallel':
      return []
    case 'chain': {
      const fields = new Set<string>()
      for (const step of node.steps.toReversed()) {
        for (const field of artifactFields(step)) fields.add(field)
        const carries = step.kind === 'when' || (step.kind === 'step' && step.definition.mode === 'carry')
        if (!carries) break
      }
      return [...fields]
    }
  }
}
