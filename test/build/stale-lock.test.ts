// stale-lock.test.ts — a hash in tenon.lock stands for the params and the body that it was made with.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Project } from '../project.ts'

const build = (version: string): string => `import { z } from 'zod'
import { chain, defineStep, file } from 'tenon'
const generate = defineStep({ name: 'generate', params: z.object({ version: z.string() }), output: z.object({ file: file() }),
  fixedOutput: () => ({ lockKey: 'generated' }), script: 'printf "%s" "$param_version" >"$out_file"' })
export default chain('generated', generate({ version: '${version}' }))
`

test('an entry that was made for other params is stale: the build fails with the command that renews it, and renewing helps', async () => {
  const project = new Project({ 'build.ts': build('1') })
  const lock = (): string => readFileSync(join(project.directory, 'tenon.lock'), 'utf8')
  assert.equal((await project.tenon(['build'])).code, 0)
  const first = lock()
  assert.match(first, /"generated": "sha256-[^"?]+\?of=[0-9a-f]{16}"/)
  assert.equal((await project.tenon(['build', '--frozen'])).code, 0)

  project.write({ 'build.ts': build('2') })
  const stale = await project.tenon(['build'])
  assert.equal(stale.code, 4)
  assert.match(stale.stderr, /TN4910[^]*generated@generate: generated[^]*tenon update/)
  assert.equal(lock(), first)

  const updated = await project.tenon(['update'])
  assert.equal(updated.code, 0, updated.stderr)
  assert.notEqual(lock(), first)
  const again = await project.tenon(['build', '--frozen'])
  assert.equal(again.code, 0, again.stderr)
})
