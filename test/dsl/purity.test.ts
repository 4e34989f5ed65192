// purity.test.ts — the DSL needs nothing but the language: no module of Node, no global of a host.
import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'

const BUILD_FILE = `
  import { z } from 'zod'
  import { chain, defineStep, tree, __tenon } from './dsl/index.ts'
  const make = defineStep({ name: 'make', params: z.object({ jobs: z.number().default(2) }), output: z.object({ prefix: tree() }),
    run: __tenon.bodyHandle('${'0'.repeat(64)}', { a: 1 }) })
  const context = { platform: { os: 'linux', arch: 'x64' }, locked: {}, projectRoot: '/p', locate: () => null }
  export const text = __tenon.planModule({ default: chain('hello', make()) }, context)
`

test('a build file is planned in an empty realm', async () => {
  const { outputFiles } = await build({
    stdin: { contents: BUILD_FILE, resolveDir: resolve(import.meta.dirname, '../..'), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'built',
    platform: 'neutral',
    mainFields: ['module', 'main'],
  })
  const realm = createContext(Object.create(null))
  runInContext(String(outputFiles[0]?.text), realm)
  const text: unknown = runInContext('built.text', realm)
  assert.match(String(text), /"captures":\{"a":1\}.*"jobs":2/)
})
