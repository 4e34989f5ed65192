// prepare.ts — whether: a planned step and its realised inputs become an action and its key. Runs nothing but reading.
import { statSync } from 'node:fs'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { digestOf, parseDigest, type Digest } from '../../dsl/plan/digest.ts'
import { canonicalJson, canonicalOnce, type Json } from '../../dsl/plan/json.ts'
import {
  PLAN_FORMAT,
  type Expr,
  type Interpreter,
  type JsonSchema,
  type Plan,
  type PlannedStep,
} from '../../dsl/plan/plan.ts'
import { stepEnvironment } from '../sandbox/environment.ts'
import { hostView, type HostView } from '../sandbox/host-tools.ts'
import { actionKey, describe, type ActionBody, type StepAction } from '../store/action.ts'
import { placeholderPath } from '../../dsl/plan/placeholder.ts'
import type { Realisation } from '../store/realisation.ts'
import type { StoreObject } from '../store/object.ts'
import type { StorePath } from '../store/store-path.ts'
import type { Store } from '../store/store.ts'
import { validate, type FoundArtifact } from '../validate/validate.ts'
import { moduleFile } from './module-file.ts'
import { replaceAt } from './replace-at.ts'
import { resolve, type Resolved } from './resolve.ts'
import { workPath } from './work-path.ts'

export interface PrepareContext {
  readonly plan: Plan
  readonly store: Store
  /** What is known of an object, of one too that the store does not keep. */
  readonly objects: {
    readonly object: (path: StorePath) => StoreObject | undefined
    readonly closure: (paths: readonly StorePath[]) => readonly StoreObject[]
  }
  /** Views found so far: the machine's tools are looked at once in a build. */
  readonly views: Map<string, Promise<HostView>>
  /** The realisation of an earlier step. */
  readonly realised: (step: number) => Realisation
}

export interface WorkTreeInput {
  readonly path: string // /build/<field>
  readonly object: StorePath
}
export interface PreparedOutput {
  readonly pointer: string
  readonly path: string // what the step is told
  readonly name: string
  readonly placeholder: StorePath | null // null for work trees
}

/** All that is needed to run a step, and the name of doing so. */
export interface PreparedStep {
  readonly step: PlannedStep
  readonly request: StepAction['request']
  /** Everything mounted at its store path: the inputs and all they refer to. */
  readonly closure: readonly StoreObject[]
  readonly workTrees: readonly WorkTreeInput[]
  readonly outputs: readonly PreparedOutput[]
  readonly toolTrees: readonly StorePath[]
  readonly view: HostView
  readonly key: Digest
  /** What the key is made of, as text. */
  readonly description: () => string
}

/** @throws CodedError TN3710 when what earlier steps returned does not fit the step's input or params. */
export async function prepareStep(step: PlannedStep, context: PrepareContext): Promise<PreparedStep> {
  const input = fit(step, 'input', step.input, context)
  const params = fit(step, 'params', step.params, context)
  const tools = step.tools.flatMap((tool) =>
    tool.kind === 'tree' ? [resolve(tool.tree, context.realised)] : [],
  )
  const toolTrees = tools.flatMap((tool) => (typeof tool.value === 'string' ? [tool.value] : []))
  const commands = step.tools.flatMap((tool) => (tool.kind === 'host' ? tool.commands : []))
  const view = await viewOnce(context, commands, interpreterOf(step))
  const outputs = step.outputs.map((output) => preparedOutput(step.chain, output))
  const body = step.body
  const request: PreparedStep['request'] = {
    chain: step.chain,
    step: step.name,
    input: input.document,
    params: params.document,
    captures: body.kind === 'module' ? body.captures : {},
    outputs: Object.fromEntries(outputs.map((output) => [output.pointer, output.path])),
    platform: { ...step.platform },
  }
  const workTrees = [...input.workTrees, ...params.workTrees]
  const mounted = new Set([
    ...input.objects,
    ...params.objects,
    ...tools.flatMap((tool) => [...tool.objects]),
  ])
  for (const { object } of workTrees) mounted.delete(object)
  const references = workTrees.flatMap(({ object }) => context.objects.object(object)?.references ?? [])
  const closure = context.objects.closure([...mounted, ...references])
  const description = describeStep(step, context, { request, closure, workTrees, toolTrees, view })
  return {
    step,
    request,
    closure,
    workTrees,
    outputs,
    toolTrees,
    view,
    key: actionKey(description).key,
    description: () => describe(description),
  }
}

async function viewOnce(
  { views, store }: PrepareContext,
  commands: readonly string[],
  interpreter: Interpreter,
): Promise<HostView> {
  const key = [interpreter, ...commands].join(' ')
  const view = views.get(key) ?? hostView(store.home, commands, interpreter)
  views.set(key, view)
  return await view
}

export function interpreterOf({ body }: PlannedStep): Interpreter {
  return body.kind === 'host' ? 'node' : body.interpreter
}

function preparedOutput(chain: string, output: PlannedStep['outputs'][number]): PreparedOutput {
  if (output.kind === 'workTree')
    return { ...output, path: workPath(output.pointer, 'document'), placeholder: null }
  const field = output.name.startsWith(`${chain}-`) ? output.name.slice(chain.length + 1) : output.name
  const placeholder = placeholderPath(chain, field)
  return { ...output, path: placeholder, placeholder }
}

interface Fitted {
  readonly document: Json
  readonly objects: ReadonlySet<StorePath>
  readonly workTrees: readonly WorkTreeInput[]
}

/** The document as the step sees it: valid, defaults filled in, narrowed to what it declares, work trees at their paths. */
function fit(step: PlannedStep, part: 'input' | 'params', expr: Expr, context: PrepareContext): Fitted {
  const resolved = resolve(expr, context.realised)
  const validation = validate(schemaOf(context.plan, step, part), resolved.value)
  if (!validation.ok)
    throw new CodedError(
      'TN3710',
      `the ${part} of step '${step.chain}@${step.name}' does not fit its schema`,
      {
        details: validation.problems.map(
          ({ pointer, message }) => `${pointer === '' ? '(the document)' : pointer}: ${message}`,
        ),
        hint: 'the values come from earlier steps or packages: see what they return with `tenon build <target>@<step>`',
      },
    )
  return placeArtifacts(validation.document, validation.artifacts, resolved, part)
}

function placeArtifacts(
  document: Json,
  artifacts: readonly FoundArtifact[],
  resolved: Resolved,
  part: 'input' | 'params',
): Fitted {
  const objects = new Set<StorePath>()
  const places = new Map<string, string>()
  const workTrees: WorkTreeInput[] = []
  for (const { pointer, kind } of artifacts) {
    const object = resolved.behind.get(pointer)
    if (object === undefined) continue // a literal path: it names nothing that is mounted
    objects.add(object)
    if (kind !== 'workTree') continue
    const path = workPath(pointer, part === 'params' ? 'params' : 'document')
    places.set(pointer, path)
    workTrees.push({ path, object })
  }
  // Objects in text: kept when the text was; a narrow consumer that dropped the field does not see them.
  const others = [...resolved.objects].filter((object) => !objects.has(object))
  const text = others.length === 0 ? '' : canonicalJson(document)
  for (const object of others) if (text.includes(object)) objects.add(object)
  return { document: replaceAt(document, places), objects, workTrees }
}

export function schemaOf(plan: Plan, step: PlannedStep, part: 'input' | 'params' | 'output'): JsonSchema {
  const schema = plan.schemas[step.schemas[part]]
  if (schema === undefined)
    throw new CodedError('TN9002', `the plan has no ${part} schema for step '${step.name}'`)
  return schema
}

function describeStep(
  step: PlannedStep,
  context: PrepareContext,
  {
    request,
    closure,
    workTrees,
    toolTrees,
    view,
  }: Pick<PreparedStep, 'request' | 'closure' | 'workTrees' | 'toolTrees' | 'view'>,
): StepAction {
  const schemaDigest = (part: 'input' | 'params' | 'output'): Digest =>
    digestOfSchema(schemaOf(context.plan, step, part))
  const objectAt = (path: string, object: StoreObject | undefined): StepAction['inputs'][number][] =>
    object === undefined ? [] : [{ path, object }]
  return {
    kind: 'step',
    format: PLAN_FORMAT,
    chain: step.chain,
    step: step.name,
    body: actionBody(step, context),
    interpreter: { name: interpreterOf(step) },
    request,
    schemas: {
      input: schemaDigest('input'),
      params: schemaDigest('params'),
      output: schemaDigest('output'),
    },
    tools: view.fingerprint,
    environment: stepEnvironment(toolTrees),
    inputs: [
      ...closure.flatMap((object) => objectAt(object.path, object)),
      ...workTrees.flatMap(({ path, object }) => objectAt(path, context.objects.object(object))),
    ],
    platform: step.platform,
  }
}

const schemaDigests = new WeakMap<JsonSchema, Digest>()

/** Equal schemas of a plan stand once. */
function digestOfSchema(schema: JsonSchema): Digest {
  const digest = schemaDigests.get(schema) ?? digestOf(canonicalOnce(schema))
  schemaDigests.set(schema, digest)
  return digest
}

function actionBody(step: PlannedStep, { store }: PrepareContext): ActionBody {
  const { body } = step
  if (body.kind !== 'module') return body.kind === 'script' ? { kind: 'script', text: body.text } : body
  const digest = parseDigest(body.digest)
  return { kind: 'module', digest, sizeBytes: statSync(moduleFile(store.home, digest)).size }
}
