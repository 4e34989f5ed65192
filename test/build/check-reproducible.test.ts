// check-reproducible.test.ts — tenon build --check: which steps differ, where, and that the store keeps what it had.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Project } from '../project.ts'

const BUILD = `import { z } from 'zod'
import { chain, defineStep, file, localFile, tree, workTree } from 'tenon'
import * as fs from 'node:fs'
const src = z.object({ src: workTree() })
const start = defineStep({ name: 'start', params: z.object({ seed: file() }), output: src, async run({ params, out }) {
  fs.mkdirSync(out.src + '/deep', { recursive: true })
  fs.copyFileSync(params.seed, out.src + '/deep/seed')
  return { src: out.src }
} })
const steady = defineStep({ name: 'steady', input: src, output: z.object({ a: tree(), b: tree() }), async run({ input, out }) {
  for (const each of [out.a, out.b]) fs.cpSync(input.src, each, { recursive: true })
  fs.writeFileSync(out.a + '/both', out.a + ' ' + out.b)
  return { a: out.a, b: out.b }
} })
const stamp = defineStep({ name: 'stamp', mode: 'carry', input: src, output: z.object({ src: workTree(), count: z.object({ at: z.number() }) }), async run({ input }) {
  fs.writeFileSync(input.src + '/deep/time', 'made at ' + process.hrtime.bigint())
  fs.writeFileSync(input.src + '/zzz', 'also ' + process.hrtime.bigint())
  return { src: input.src, count: { at: Math.random() } }
} })
const names = defineStep({ name: 'names', input: src, output: src, async run({ input }) {
  fs.mkdtempSync(input.src + '/deep/random-')
  return { src: input.src }
} })
export const good = chain('good', start({ seed: localFile('./seed.txt') }), steady())
export const bad = chain('bad', start({ seed: localFile('./seed.txt') }), stamp(), names(), steady())
`
const files = { 'build.ts': BUILD, 'seed.txt': 'seed' }

test('steps that give the same again pass, and nothing of the second run is stored', async () => {
  const project = new Project(files)
  const first = await project.tenon(['build', '#good'])
  const before = project.stored().filter((path) => !path.startsWith('tmp/'))
  const { code, stdout, stderr } = await project.tenon(['build', '#good', '--check'])
  assert.equal(code, 0, stderr)
  assert.equal(stdout, first.stdout)
  assert.match(stderr, /^checked: 2 steps gave the same again; 1 step only fetched or copied$/m)
  assert.deepEqual(
    project.stored().filter((path) => !path.startsWith('tmp/')),
    before,
  )
})

test('each step that differs is named, with the first path and byte that do; those after it are judged by what they were given', async () => {
  const project = new Project(files)
  await project.tenon(['build', '#bad'])
  const before = project.stored().filter((path) => !path.startsWith('tmp/'))
  const { code, stdout, stderr } = await project.tenon(['build', '#bad', '--check', '--granularity', 'split'])
  assert.equal(code, 1)
  assert.equal(stdout, '')
  assert.match(stderr, /TN5060: step 'bad@stamp' gave something else when it ran again/)
  assert.match(stderr, /\/src: deep\/time differs from byte \d+ on \(\d+ bytes(, then \d+)?\): "/)
  assert.match(stderr, /\/count\/at is 0\.\d+, then 0\.\d+/)
  assert.match(stderr, /TN5060: step 'bad@names' gave/)
  assert.match(stderr, /\/src: deep\/random-\w{6} is only in the (first|second)/)
  assert.doesNotMatch(stderr, /zzz|bad@steady' gave|bad@start' gave/)
  const after = new Set(project.stored())
  assert.deepEqual(
    before.filter((path) => !after.has(path)),
    [],
  )
})

test('both versions are kept when that is asked for', async () => {
  const project = new Project(files)
  const { stderr } = await project.tenon(['build', '#bad', '--check', '--keep-failed'])
  const kept = [...stderr.matchAll(/^ +(?:first|second): +(.*)$/gm)].map((match) => match[1] ?? '')
  assert.equal(kept.length, 4)
  await project.tenon(['store', 'ls'])
  for (const path of kept) assert.ok(existsSync(join(path, 'deep')), path)
})

test('a check is never answered from what an earlier one found', async () => {
  const project = new Project(files)
  for (let round = 0; round < 2; round++)
    assert.match((await project.tenon(['build', '#good', '--check'])).stderr, /^checked: 2 steps/m)
})
