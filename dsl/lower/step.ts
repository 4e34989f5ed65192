// step.ts — one step in use as a step of the plan.
import type { StepNode } from '../chain/node.ts'
import { bodyOf } from '../body.ts'
import { CodedError } from '../plan/coded-error.ts'
import type { Body, Expr, JsonSchema, PlannedStep } from '../plan/plan.ts'
import { jsonSchemaOf } from '../schema/convert.ts'
import { hasRefs } from '../step/ref.ts'
import { objectSchema } from '../step/object-schema.ts'
import { issueLine } from '../step/params.ts'
import { outputArtifacts } from './artifacts.ts'
import { planError, positionOf, type Draft } from './draft.ts'
import { literalValue } from './expr.ts'
import { fixedOutputOf } from './fixed-output.ts'
import { withProjectBase } from './source-base.ts'
import { misfits } from './transition.ts'
import { lowerTools } from './tools.ts'
import { lowerValue, type ValueSource } from './value.ts'

/** The chain that a step belongs to and the names of the chains and branches around it. */
export interface Place {
  readonly chain: string
  readonly prefix: string
}

/** Its index in the plan. */
export function lowerStep(source: ValueSource, node: StepNode, place: Place, input: Expr): number {
  const { draft } = source
  const { definition } = node
  checkInput(draft, node, input)
  const output = schemaOf(draft, node, 'output')
  const outputs = outputArtifacts(draft, node, place.chain, output)
  const members = Object.keys(objectSchema(output)?.properties ?? {}).length
  const step: PlannedStep = {
    name: place.prefix + node.name,
    chain: place.chain,
    body: lowerBody(draft, node),
    params: lowerValue(source, withProjectBase(draft, node)),
    input,
    schemas: schemasOf(draft, node, output),
    outputs,
    tools: lowerTools(source, node),
    platform: draft.context.platform,
    timeoutMs: definition.timeoutMs,
    ...fixedOutputOf(draft, node, outputs, members),
    network: definition.network,
  }
  const { index, isNew } = draft.steps.intern(step)
  if (isNew) draft.positions[index] = positionOf(draft, node.site)
  return index
}

function schemasOf(draft: Draft, node: StepNode, output: JsonSchema): PlannedStep['schemas'] {
  return {
    params: draft.schemas.intern(schemaOf(draft, node, 'params')).index,
    input: draft.schemas.intern(schemaOf(draft, node, 'input')).index,
    output: draft.schemas.intern(output).index,
  }
}

/** A schema is converted without knowing where it stands: its errors get the position of the step. */
function schemaOf(draft: Draft, node: StepNode, role: 'params' | 'input' | 'output'): JsonSchema {
  const { definition } = node
  try {
    return jsonSchemaOf(definition[role], role, definition.name)
  } catch (cause) {
    if (!(cause instanceof CodedError)) throw cause
    const { code, message, hint = '', details } = cause
    throw planError(draft, node.site, code, message, { hint, details, cause })
  }
}

/** A document that is known already is checked now; of others, what is certain now, and all when they are there. */
function checkInput(draft: Draft, node: StepNode, input: Expr): void {
  const problems = inputProblems(draft, node, input)
  if (problems.length === 0) return
  throw planError(draft, node.site, 'TN1310', `the input of step '${node.name}' does not fit its schema`, {
    details: problems,
    hint: 'Put a step before it that gives what it needs, or declare the input of its chain: chain(…).given({ … }).',
  })
}

function inputProblems(draft: Draft, node: StepNode, input: Expr): readonly string[] {
  const value = literalValue(input)
  if (value === undefined) return misfits(draft, input, schemaOf(draft, node, 'input'))
  const parsed = node.definition.input.safeParse(value)
  return parsed.success ? [] : parsed.error.issues.map(issueLine)
}

function lowerBody(draft: Draft, node: StepNode): Body {
  const { body } = node.definition
  switch (body.kind) {
    case 'run': {
      const module = bodyOf(body.run)
      if (module !== undefined && module.interpreter === body.interpreter)
        return { kind: 'module', ...module }
      if (module !== undefined)
        throw planError(
          draft,
          node.site,
          'TN1112',
          `step '${node.name}' is for ${body.interpreter}, but its body was bundled for ${module.interpreter}`,
          { hint: "Write the interpreter beside run, as a literal: interpreter: 'quickjs'." },
        )
      throw planError(draft, node.site, 'TN1314', `step '${node.name}' is planned outside of the loader`, {
        hint: 'The loader extracts each run body from its source: plan the file with tenon plan or tenon build.',
      })
    }
    case 'script': {
      const text = body.text(node.params)
      if (typeof text === 'string' && !hasRefs(text)) return { kind: 'script', interpreter: 'sh', text }
      throw planError(
        draft,
        node.site,
        'TN1315',
        `the script of step '${node.name}' ${typeof text === 'string' ? 'holds a reference' : `is a ${typeof text}`}`,
        {
          hint: 'The script is text known while planning: read the value at run time, as "$param_<name>" or "$in_<field>".',
        },
      )
    }
    case 'host':
      return { kind: 'host', operation: body.operation }
  }
}
