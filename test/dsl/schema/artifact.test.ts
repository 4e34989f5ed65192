// artifact.test.ts — artifacts are strings with a mark, in either generation, and their places are known before running.
import assert from 'node:assert/strict'
import test from 'node:test'
import { z } from 'zod'
import * as z3 from 'zod/v3'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { artifactFields } from '../../../dsl/schema/artifact-fields.ts'
import {
  file,
  tree,
  workTree,
  type File,
  type KindOf,
  type Tree,
  type WorkTree,
} from '../../../dsl/schema/artifact.ts'
import { file3, tree3, workTree3 } from '../../../dsl/schema/artifact3.ts'
import { jsonSchemaOf } from '../../../dsl/schema/convert.ts'

const convert = (schema: unknown) => jsonSchemaOf(schema, 'output')

test('an artifact is a string with its kind, in zod 4 and zod 3', () => {
  for (const [kind, schemas] of [
    ['file', [file(), file3(), file().describe('noted'), file3().describe('noted'), file().optional()]],
    ['tree', [tree(), tree3(), tree().readonly()]],
    ['workTree', [workTree(), workTree3(), workTree3().brand<'Mine'>()]],
  ] as const)
    for (const schema of schemas)
      assert.deepEqual(convert(schema), { type: 'string', 'x-tenon-artifact': kind })
})

test('the two generations give the same schema of an object with artifacts', () => {
  const four = z.object({ src: workTree(), log: file().optional(), all: z.array(tree()) })
  const three = z3.object({ src: workTree3(), log: file3().optional(), all: z3.array(tree3()) })
  assert.deepEqual(convert(four), convert(three))
})

test('types tell the kinds apart', () => {
  const schema = z.object({ src: workTree() })
  const src = '/build/src' as WorkTree // only the runtime makes one
  const value: z.output<typeof schema> = { src }
  const kind: KindOf<typeof value.src> = 'workTree'
  // @ts-expect-error a tree is not a work tree
  const wrong: z.input<typeof schema> = { src: '/tenon/store/x' as Tree } // only the runtime makes one
  // @ts-expect-error a plain string is not a file
  const plain: File = '/etc/passwd'
  const none: [KindOf<string>] extends [never] ? true : false = true
  assert.deepEqual([kind, none, wrong.src, plain], ['workTree', true, '/tenon/store/x', '/etc/passwd'])
})

test('an artifact with a default is refused', () => {
  const refused = (error: unknown) => error instanceof CodedError && error.code === 'TN2006'
  assert.throws(() => convert(z.object({ t: tree().default('/x' as Tree) })), refused) // no one has one
  assert.throws(() => convert(z3.object({ t: tree3().default('/x' as Tree) })), refused) // no one has one
})

test('fields are found through objects and intersections, not through lists, records and unions', () => {
  const schema = z.intersection(
    z.object({
      src: workTree(),
      'a/b': z.object({ docs: tree().optional() }),
      many: z.array(tree()),
      named: z.record(z.string(), file()),
      perhaps: tree().nullable(),
    }),
    z.object({ log: file(), src: workTree() }),
  )
  assert.deepEqual(artifactFields(convert(schema)), [
    { pointer: '/a~1b/docs', kind: 'tree' },
    { pointer: '/log', kind: 'file' },
    { pointer: '/src', kind: 'workTree' },
  ])
  assert.deepEqual(artifactFields(convert(file())), [{ pointer: '', kind: 'file' }])
})

test('fields of a recursive document are those of its first level', () => {
  const node = z.object({
    own: file(),
    get next() {
      return node.optional()
    },
  })
  assert.deepEqual(artifactFields(convert(node)), [{ pointer: '/own', kind: 'file' }])
})
