// realm.test.ts — conversion needs nothing but the language: planning runs in a bare context.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { z } from 'zod'
import { canonicalJson } from '../../../dsl/plan/json.ts'
import { tree } from '../../../dsl/schema/artifact.ts'
import { jsonSchemaOf } from '../../../dsl/schema/convert.ts'

const ROOT = join(import.meta.dirname, '../../..')
const ENTRY = `
  import { z } from 'zod'
  import { tree } from './dsl/schema/artifact.ts'
  import { jsonSchemaOf } from './dsl/schema/convert.ts'
  import { artifactFields } from './dsl/schema/artifact-fields.ts'
  const schema = z.object({ src: tree(), url: z.url().default('https://a.b'), n: z.int().prefault(1), e: z.email() })
  const json = jsonSchemaOf(schema, 'output')
  result = JSON.stringify({ json, fields: artifactFields(json) })
`

test('a context without node, URL and eval converts to the same schema', async () => {
  const bundled = await build({
    stdin: { contents: ENTRY, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    logLevel: 'silent',
  })
  const context = createContext({ result: null }, { codeGeneration: { strings: false, wasm: false } })
  runInContext(bundled.outputFiles[0]?.text ?? '', context)
  const { json, fields } = JSON.parse(String(context.result)) as { json: object; fields: object } // written above
  const schema = z.object({
    src: tree(),
    url: z.url().default('https://a.b'),
    n: z.int().prefault(1),
    e: z.email(),
  })
  assert.equal(canonicalJson(json), canonicalJson(jsonSchemaOf(schema, 'output')))
  assert.deepEqual(fields, [{ pointer: '/src', kind: 'tree' }])
})
