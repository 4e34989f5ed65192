// after-collection.test.ts — what a build does once everything but the result was collected.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { Project } from '../project.ts'

const TEXT = 'downloaded'
const build = (url: string, word: string): string => `import { z } from 'zod'
import { chain, defineStep, file, tree } from 'tenon'
import { fetchUrl } from 'tenon/steps'
import * as fs from 'node:fs'
const pack = defineStep({ name: 'pack', input: z.object({ file: file() }), output: z.object({ lib: tree() }), async run({ input, out }) {
  fs.mkdirSync(out.lib)
  fs.copyFileSync(input.file, out.lib + '/text')
  return { lib: out.lib }
} })
const link = defineStep({ name: 'link', params: z.object({ lib: tree(), word: z.string() }), output: z.object({ prefix: tree() }), async run({ params, out }) {
  fs.mkdirSync(out.prefix + '/bin', { recursive: true })
  fs.writeFileSync(out.prefix + '/bin/say', '#!/bin/sh\\necho ' + fs.readFileSync(params.lib + '/text', 'utf8') + params.word + '\\n', { mode: 0o755 })
  return { prefix: out.prefix }
} })
const library = chain('library', fetchUrl({ url: '${url}', hash: 'sha256-${createHash('sha256').update(TEXT).digest('base64')}' }), pack())
export default chain('program', link({ lib: library.output.lib, word: '${word}' }))
`

test('nothing is downloaded or run again for a result that is there; what a change needs is made again', async (t) => {
  let served = 0
  const server = createServer((_, response) => {
    served++
    response.end(TEXT)
  }).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/text` // a listening server has one
  const project = new Project({ 'build.ts': build(url, 'one') })
  const first = await project.tenon(['build'])
  assert.equal(first.code, 0, first.stderr)
  const collected = await project.tenon(['store', 'gc'])
  assert.match(collected.stdout, /^removed 2 objects .*; kept 1 object /)

  const again = await project.tenon(['run', '--offline'])
  assert.deepEqual([again.code, again.stdout], [0, 'downloadedone\n'], again.stderr)
  assert.match(again.stderr, /nothing to do: 3 steps found in the store/)
  assert.equal(served, 1)

  project.write({ 'build.ts': build(url, 'two') })
  const changed = await project.tenon(['run'])
  assert.deepEqual([changed.code, changed.stdout], [0, 'downloadedtwo\n'], changed.stderr)
  assert.equal(served, 2)

  rmSync(join(project.directory, 'result'))
  assert.match((await project.tenon(['store', 'gc'])).stdout, /kept 0 objects/)
  const anew = await project.tenon(['run'])
  assert.deepEqual([anew.code, anew.stdout], [0, 'downloadedtwo\n'], anew.stderr)
  assert.equal(served, 3)
  const { stdout } = await project.tenon(['store', 'verify'])
  assert.match(stdout, /^all is well/)
})
