// action.test.ts — the key covers what the answer depends on, each part alone, and nothing else.
import assert from 'node:assert/strict'
import test from 'node:test'
import { type Digest, digestOf } from '../../../dsl/plan/digest.ts'
import { PLAN_FORMAT } from '../../../dsl/plan/plan.ts'
import {
  actionKey,
  type ActionDescription,
  describe,
  type StepAction,
} from '../../../runtime/store/action.ts'
import { inputRoot } from '../../../runtime/store/input-root.ts'
import { Store } from '../../../runtime/store/store.ts'
import { makeTree, temporaryDirectory, temporaryStore } from './temporary.ts'

const TREE = { kind: 'tree', digest: digestOf('tree'), sizeBytes: 300, executable: false } as const
const FILE = { kind: 'file', digest: digestOf('file'), sizeBytes: 4, executable: false } as const
const ZLIB = '/tenon/store/00000000000000000000000000000000-zlib-prefix'

const STEP: StepAction = {
  kind: 'step',
  format: PLAN_FORMAT,
  chain: 'hello',
  step: 'make',
  body: { kind: 'script', text: 'make\n' },
  interpreter: { kind: 'sh', version: '0.5.12' },
  request: {
    input: { src: '/build/src' },
    params: { jobs: 4 },
    captures: {},
    outputs: {
      '/src': '/build/src',
      '/prefix': '/tenon/store/11111111111111111111111111111111-hello-prefix',
    },
    platform: { os: 'linux', arch: 'x64' },
  },
  schemas: { params: digestOf('params'), input: digestOf('input'), output: digestOf('output') },
  tools: { packages: [{ name: 'make', version: '4.3' }] },
  environment: { PATH: '/usr/bin:/bin', HOME: '/tmp' },
  inputs: [
    { path: '/build/src', object: TREE },
    { path: ZLIB, object: FILE },
  ],
  platform: { os: 'linux', arch: 'x64' },
}
const keyOf = (description: ActionDescription): Digest => actionKey(description).key

/** The message with a digest, as `protoc --decode_raw` would show it; good for messages whose fields are all length-delimited or varint. */
function decode(message: Uint8Array): [number, Uint8Array | number][] {
  const fields: [number, Uint8Array | number][] = []
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let scale = 1; ; scale *= 0x80) {
      const byte = message[at++] ?? assert.fail('cut off')
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
  }
  while (at < message.length) {
    const tag = varint()
    const value = varint()
    fields.push([tag >> 3, (tag & 7) === 0 ? value : message.subarray(at, (at += value))])
  }
  return fields
}
const texts = (message: Uint8Array, field: number): string[] =>
  decode(message).flatMap(([number, value]) =>
    number === field ? [Buffer.from(value as Uint8Array).toString()] : [],
  ) // text fields only
function blob(description: ActionDescription, ...path: readonly number[]): Uint8Array {
  const { key, blobs } = actionKey(description)
  let digest: Digest = key
  for (const field of path) {
    const content = decode(blobs.get(digest) ?? assert.fail()).find(([number]) => number === field)?.[1]
    digest = texts(content as Uint8Array, 1)[0] as Digest // fields in `path` are digests
  }
  return blobs.get(digest) ?? assert.fail()
}

test('the keys of a script, a module, a host and a fixed-output step are pinned', () => {
  assert.equal(keyOf(STEP), 'c03b6167b50c0c02acb50b575fa3ddf2aa5a39ce2559263a9173f3d46bb49b9e')
  assert.equal(
    keyOf({ ...STEP, body: { kind: 'module', digest: digestOf('module'), sizeBytes: 6 } }),
    'bb1215d7a15e4b38800f2d9ffc2f135aabf5adfe5b634402101dd6d878375fc6',
  )
  assert.equal(
    keyOf({ ...STEP, body: { kind: 'host', operation: 'source' } }),
    'ecb464c8ee373ebf1e2e876e05beebdf0f585d1c0e727fdbbeab66f0939d6866',
  )
  assert.equal(
    keyOf({
      kind: 'fixed-output',
      hash: 'sha256-MeBmE3qWJnbonvadG2WCYpXefvuRTLjLlWoxxuqacvg=',
      output: 'hello-file',
    }),
    '380a033252d98e82ffbe398df8e697304a11984e7284ba40ff24a8003b34973a',
  )
})

test('the command is a Command message: sorted, with output paths relative to the working directory', () => {
  const command = blob(STEP, 1)
  assert.deepEqual(texts(command, 1), ['tenon-step', 'script', 'hello', 'make'])
  assert.deepEqual(
    decode(command).flatMap(([field, value]) =>
      field === 2 ? [[...texts(value as Uint8Array, 1), ...texts(value as Uint8Array, 2)]] : [],
    ), // messages
    [
      ['HOME', '/tmp'],
      ['PATH', '/usr/bin:/bin'],
    ],
  )
  assert.deepEqual(texts(command, 6), ['build'])
  assert.deepEqual(texts(command, 7), [
    '../tenon/step/out/response.json',
    '../tenon/store/11111111111111111111111111111111-hello-prefix',
    'src',
  ])
})

test('the input root holds inputs, body, request and schemas where the step sees them', () => {
  const { blobs } = actionKey(STEP)
  const paths: Record<string, string> = {}
  const walk = (message: Uint8Array, path: string): void => {
    for (const [field, value] of decode(message)) {
      const [name = ''] = texts(value as Uint8Array, 1) // entries are messages
      const [, digest] = decode(value as Uint8Array).find(([number]) => number === 2) ?? assert.fail()
      const hash = texts(digest as Uint8Array, 1)[0] as Digest
      const content = blobs.get(hash)
      if (field === 2 && content !== undefined) walk(content, `${path}/${name}`)
      else paths[`${path}/${name}`] = content === undefined ? hash : Buffer.from(content).toString()
    }
  }
  walk(blob(STEP, 2), '')
  assert.deepEqual(Object.keys(paths), [
    '/build/src',
    '/tenon/step/body.sh',
    '/tenon/step/request.json',
    '/tenon/step/schemas.json',
    ZLIB,
  ])
  assert.equal(paths['/build/src'], TREE.digest)
  assert.equal(paths[ZLIB], FILE.digest)
  assert.equal(paths['/tenon/step/body.sh'], 'make\n')
  assert.deepEqual(JSON.parse(paths['/tenon/step/request.json'] ?? ''), STEP.request)
})

test('each part of a step changes the key when it alone changes', () => {
  const changes: Record<string, Partial<StepAction>> = {
    format: { format: PLAN_FORMAT + 1 },
    chain: { chain: 'other' },
    step: { step: 'make-again' },
    body: { body: { kind: 'script', text: 'make \n' } },
    'kind of body': { body: { kind: 'module', digest: digestOf('make\n'), sizeBytes: 5 } },
    'other module': { body: { kind: 'module', digest: digestOf('make!'), sizeBytes: 5 } },
    operation: { body: { kind: 'host', operation: 'source' } },
    'other operation': { body: { kind: 'host', operation: 'fetch' } },
    interpreter: { interpreter: { kind: 'sh', version: '0.5.13' } },
    params: { request: { ...STEP.request, params: { jobs: 5 } } },
    captures: { request: { ...STEP.request, captures: { a: 1 } } },
    input: { request: { ...STEP.request, input: { src: '/build/src', n: 1 } } },
    outputs: { request: { ...STEP.request, outputs: { '/src': '/build/src' } } },
    'schema of params': { schemas: { ...STEP.schemas, params: digestOf('x') } },
    'schema of input': { schemas: { ...STEP.schemas, input: digestOf('x') } },
    'schema of output': { schemas: { ...STEP.schemas, output: digestOf('x') } },
    tools: { tools: { packages: [{ name: 'make', version: '4.4' }] } },
    environment: { environment: { ...STEP.environment, HOME: '/' } },
    'one more variable': { environment: { ...STEP.environment, EMPTY: '' } },
    platform: { platform: { os: 'linux', arch: 'arm64' } },
    'content of an input': {
      inputs: STEP.inputs.map((input) => ({
        ...input,
        object: { ...input.object, digest: digestOf('changed') },
      })),
    },
    'size of an input': {
      inputs: STEP.inputs.map((input) => ({ ...input, object: { ...input.object, sizeBytes: 5 } })),
    },
    'executable bit': {
      inputs: STEP.inputs.map((input) => ({
        ...input,
        object: { ...input.object, executable: input.object.kind === 'file' },
      })),
    },
    'kind of an input': { inputs: STEP.inputs.map((input) => ({ ...input, object: { ...FILE } })) },
    'place of an input': {
      inputs: STEP.inputs.map((input) => ({ ...input, path: input.path.replace('src', 'lib') })),
    },
    'one input less': { inputs: STEP.inputs.slice(1) },
  }
  const keys = Object.values(changes).map((change) => keyOf({ ...STEP, ...change }))
  for (const [index, name] of Object.keys(changes).entries()) assert.notEqual(keys[index], keyOf(STEP), name)
  assert.equal(new Set(keys).size, keys.length)
})

test('the order of members, variables and inputs does not change the key', () => {
  const turn = <T extends object>(record: T): T => Object.fromEntries(Object.entries(record).reverse()) as T // same members
  const turned = {
    ...turn(STEP),
    request: turn(STEP.request),
    environment: turn(STEP.environment),
    inputs: STEP.inputs.toReversed(),
    schemas: turn(STEP.schemas),
    interpreter: turn(STEP.interpreter),
  }
  assert.equal(keyOf(turned), keyOf(STEP))
})

test('the place of the store, times, references and job counts do not change the key', () => {
  const keyIn = (files: string): Digest => {
    const { store, work } = temporaryStore()
    const object = store.admit(makeTree(`${work}/${files}`, { a: 'x' }), {
      name: 'src',
      candidates: [],
      consume: true,
    })
    assert.ok(Store.open(store.home).object(object.path))
    const more = { timeoutMs: Math.random(), jobs: Math.random(), cwd: temporaryDirectory() }
    return keyOf({
      ...STEP,
      ...more,
      inputs: [{ path: '/build/src', object }],
    })
  }
  assert.equal(keyIn('here'), keyIn('there'))
})

test('a fixed-output step is keyed by its hash and output name alone', () => {
  const fixed = { kind: 'fixed-output', hash: 'sha256-a', output: 'hello-file' } as const
  assert.equal(keyOf({ ...STEP, ...fixed }), keyOf(fixed))
  assert.notEqual(keyOf({ ...fixed, hash: 'sha256-b' }), keyOf(fixed))
  assert.notEqual(keyOf({ ...fixed, output: 'other-file' }), keyOf(fixed))
})

test('what is shown of an action differs exactly when its key does', () => {
  const described: unknown = JSON.parse(describe(STEP))
  assert.deepEqual(described, STEP)
  assert.equal(describe({ ...STEP, environment: { HOME: '/tmp', PATH: '/usr/bin:/bin' } }), describe(STEP))
  assert.notEqual(describe({ ...STEP, step: 'x' }), describe(STEP))
  const withReferences = { ...TREE, references: ['x'], contentBytes: 5 }
  const more = {
    ...STEP,
    timeoutMs: 5,
    inputs: [{ path: '/build/src', object: withReferences }, ...STEP.inputs.slice(1)],
  }
  assert.equal(keyOf(more), keyOf(STEP))
  assert.equal(describe(more), describe(STEP))
})

test('two inputs at one place, or one below another, are refused', () => {
  const at = (...paths: string[]) => paths.map((path) => ({ path, object: TREE }))
  assert.throws(() => inputRoot(at('/build/a', '/build/a'), []), TypeError)
  assert.throws(() => inputRoot(at('/build/a', '/build/a/b'), []), TypeError)
  assert.throws(() => inputRoot(at('/build/a/b', '/build/a'), []), TypeError)
  for (const path of ['relative', '/a/../b', '/a//b', '/a/', '/'])
    assert.throws(() => inputRoot(at(path), []), TypeError, path)
})

test('equal input trees have equal roots whatever order they come in', () => {
  const nodes = ['/b/c', '/a', '/b/a', '/é'].map((path) => ({ path, object: TREE }))
  assert.deepEqual(inputRoot(nodes.toReversed(), ['/x']), inputRoot(nodes, ['/x', '/b']))
})
