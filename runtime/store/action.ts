// action.ts — what is run, as a Remote Execution API v2 Action; its digest is the key. How long and how many at once is not in it.
// Source: build/bazel/remote/execution/v2/remote_execution.proto and platform.md of bazelbuild/remote-apis.
import { type Digest, digestOf } from '../../dsl/plan/digest.ts'
import { byCodeUnit, canonicalJson, canonicalOnce, type JsonObject } from '../../dsl/plan/json.ts'
import type { HostOperation, Platform } from '../../dsl/plan/plan.ts'
import { type InputNode, inputRoot } from './input-root.ts'
import { messageField, repeatedText, textField } from './protobuf.ts'
import { type ContentDigest, contentDigest, digestField } from './tree-digest.ts'

export type ActionDescription = StepAction | FixedOutputAction

/** Each field is in the key: the answer of the step may differ when it does. */
export interface StepAction {
  readonly kind: 'step'
  readonly format: number // PLAN_FORMAT: what a plan means
  readonly chain: string // placeholders, names of objects
  readonly step: string // the same step under two names runs twice
  readonly body: ActionBody
  readonly interpreter: JsonObject // its fingerprint
  /** What the step gets as request.json; `outputs`: field pointer → path as the step sees it. */
  readonly request: { readonly outputs: Readonly<Record<string, string>> } & JsonObject
  readonly schemas: { readonly params: Digest; readonly input: Digest; readonly output: Digest } // fill in defaults
  readonly tools: JsonObject // fingerprint of the host view
  readonly environment: Readonly<Record<string, string>>
  readonly inputs: readonly InputNode[] // by content, at paths the step sees: /tenon/store/…, /build/…
  readonly platform: Platform
}
export type ActionBody =
  | { readonly kind: 'module'; readonly digest: Digest; readonly sizeBytes: number } // of the bundled module's text
  | { readonly kind: 'script'; readonly text: string }
  | { readonly kind: 'host'; readonly operation: HostOperation }

/** Its content is known before: from where and how it comes makes no difference. */
export interface FixedOutputAction {
  readonly kind: 'fixed-output'
  readonly hash: string // SRI
  readonly output: string // name of the store object
}

export interface EncodedAction {
  readonly key: Digest
  /** The Action, its Command and all that its input root needs beside the inputs, by digest. */
  readonly blobs: ReadonlyMap<Digest, Uint8Array>
}

const STEP = '/tenon/step'
const WORKING_DIRECTORY = '/build'

export function actionKey(description: ActionDescription): EncodedAction {
  const covered = coveredByKey(description)
  return covered.kind === 'step' ? encodeStep(covered) : encodeFixedOutput(covered)
}

/** The very data that the key is computed from, to be read and compared: for `why`. Canonical JSON. */
export function describe(description: ActionDescription): string {
  const covered = coveredByKey(description)
  if (covered.kind === 'fixed-output') return canonicalJson(covered)
  const { tools, request, ...rest } = covered
  const members = Object.entries(rest).map(([key, value]) => `"${key}":${canonicalJson(value)}`)
  const large = [`"request":${canonicalOnce(request)}`, `"tools":${canonicalOnce(tools)}`]
  return `{${[...members, ...large].sort(byCodeUnit).join(',')}}`
}

/** Callers may hand over objects that carry more (a StoreObject's references): that must neither count nor show. */
function coveredByKey(description: ActionDescription): ActionDescription {
  if (description.kind === 'fixed-output') {
    const { kind, hash, output } = description
    return { kind, hash, output }
  }
  const { kind, format, chain, step, body, interpreter, request, schemas, tools, environment, platform } =
    description
  const inputs = description.inputs.map(({ path, object }) => ({
    path,
    object: {
      kind: object.kind,
      digest: object.digest,
      sizeBytes: object.sizeBytes,
      executable: object.executable,
    },
  }))
  inputs.sort((a, b) => byBytes(a.path, b.path))
  return {
    kind,
    format,
    chain,
    step,
    body,
    interpreter,
    request,
    schemas,
    tools,
    environment,
    platform,
    inputs,
  }
}

function encodeStep(step: StepAction): EncodedAction {
  const blobs = new Map<Digest, Uint8Array>()
  const file = (name: string, { bytes, content }: Blob): InputNode => {
    blobs.set(content.digest, bytes)
    return { path: `${STEP}/${name}`, object: { kind: 'file', executable: false, ...content } }
  }
  const schemas = canonicalJson({ format: step.format, ...step.schemas })
  const root = inputRoot(
    [
      ...step.inputs,
      ...bodyFiles(step.body, file),
      file('request.json', blobOf(canonicalOnce(step.request))),
      file('schemas.json', sharedBlob(schemas)),
    ],
    [WORKING_DIRECTORY],
  )
  for (const [digest, message] of root.messages) blobs.set(digest, message)
  const platform = encodePlatform(step)
  const command = encodeCommand(step, platform)
  const commandDigest = contentDigest(command)
  blobs.set(commandDigest.digest, command)
  return finish(blobs, digestField(1, commandDigest), digestField(2, root.root), messageField(10, platform))
}

interface Blob {
  readonly bytes: Buffer
  readonly content: ContentDigest
}

function blobOf(text: string): Blob {
  const bytes = Buffer.from(text)
  return { bytes, content: contentDigest(bytes) }
}

/** Of a text that the steps of one definition have in common. */
function sharedBlob(text: string): Blob {
  const blob = sharedBlobs.get(text) ?? blobOf(text)
  if (sharedBlobs.size === MOST_SHARED) sharedBlobs.clear()
  sharedBlobs.set(text, blob)
  return blob
}
const sharedBlobs = new Map<string, Blob>()
const MOST_SHARED = 64

function bodyFiles(body: ActionBody, file: (name: string, blob: Blob) => InputNode): InputNode[] {
  switch (body.kind) {
    case 'module':
      return [
        {
          path: `${STEP}/body.js`,
          object: { kind: 'file', executable: false, digest: body.digest, sizeBytes: body.sizeBytes },
        },
      ]
    case 'script':
      return [file('body.sh', sharedBlob(body.text))]
    case 'host':
      return []
  }
}

/** Message `Command`. */
function encodeCommand(step: StepAction, platform: Uint8Array): Buffer {
  const { body } = step
  const does = body.kind === 'host' ? `${body.kind}:${body.operation}` : body.kind
  const outputs = new Set(
    [`${STEP}/out/response.json`, ...Object.values(step.request.outputs)].map(fromWorkingDirectory),
  )
  return Buffer.concat([
    ...['tenon-step', does, step.chain, step.step].map((argument) => repeatedText(1, argument)),
    ...byName(Object.entries(step.environment)).map((variable) => namedValue(2, variable)),
    messageField(5, platform),
    textField(6, WORKING_DIRECTORY.slice(1)),
    ...[...outputs].sort(byBytes).map((path) => repeatedText(7, path)),
  ])
}

function fromWorkingDirectory(path: string): string {
  return path.startsWith(`${WORKING_DIRECTORY}/`) ? path.slice(WORKING_DIRECTORY.length + 1) : `..${path}`
}

const ISA = { x64: 'x86-64', arm64: 'arm-a64' } as const // names of platform.md

/** Most steps of a build have the same tools: the same object, which nobody changes. By that, and what else is in the message. */
const platformsWith = new WeakMap<JsonObject, Map<string, Buffer>>()

/** Message `Platform`. */
function encodePlatform({ platform, interpreter, tools }: StepAction): Buffer {
  const platforms = platformsWith.get(tools) ?? new Map<string, Buffer>()
  platformsWith.set(tools, platforms)
  const view = canonicalJson(interpreter)
  const question = `${platform.os} ${platform.arch} ${view}`
  const known = platforms.get(question)
  if (known !== undefined) return known
  const properties: [string, string][] = [
    ['ISA', ISA[platform.arch]],
    ['OSFamily', platform.os],
    ['tenon-host-view', digestOf(`{"interpreter":${view},"tools":${canonicalOnce(tools)}}`)],
  ]
  const message = Buffer.concat(byName(properties).map((property) => namedValue(1, property)))
  platforms.set(question, message)
  return message
}

function encodeFixedOutput({ hash, output }: FixedOutputAction): EncodedAction {
  const blobs = new Map<Digest, Uint8Array>()
  const command = Buffer.concat(
    ['tenon-fixed-output', output, hash].map((argument) => repeatedText(1, argument)),
  )
  blobs.set(digestOf(command), command)
  const root = inputRoot([], [])
  for (const [digest, message] of root.messages) blobs.set(digest, message)
  return finish(blobs, digestField(1, contentDigest(command)), digestField(2, root.root))
}

/** Message `Action`. */
function finish(blobs: Map<Digest, Uint8Array>, ...fields: readonly Buffer[]): EncodedAction {
  const action = Buffer.concat(fields)
  const key = digestOf(action)
  blobs.set(key, action)
  return { key, blobs }
}

/** Messages `EnvironmentVariable` and `Platform.Property`. */
function namedValue(field: number, [name, value]: readonly [string, string]): Buffer {
  return messageField(field, textField(1, name), textField(2, value))
}

function byName(pairs: readonly [string, string][]): [string, string][] {
  return pairs.toSorted(([a], [b]) => byBytes(a, b))
}

/** By the bytes of UTF-8, as the API demands: by code point, which for some differs from by code unit. */
function byBytes(a: string, b: string): number {
  return PRINTABLE.test(a) && PRINTABLE.test(b) ? byCodeUnit(a, b) : Buffer.from(a).compare(Buffer.from(b))
}
const PRINTABLE = /^[ -~]*$/ // ASCII: bytes and code units are the same
