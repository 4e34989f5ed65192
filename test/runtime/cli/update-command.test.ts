// update-command.test.ts — tenon.lock: written by builds, refused by --frozen, renewed by tenon update.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { project, type Run } from './tenon.ts'

const box = project({})
const lock = join(box.directory, 'tenon.lock')
const sri = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`

let content = 'first'
const server = createServer((_request, response) => response.end(content))
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an address of this form.
  const { port } = server.address() as AddressInfo
  box.write(
    'build.ts',
    `import { chain } from 'tenon'
import { fetchUrl } from 'tenon/steps'
export default chain('fetched', fetchUrl({ url: 'http://127.0.0.1:${port}/file' }))
`,
  )
})
after(() => server.close())

/** Not spawnSync: the server is in this process. */
async function tenon(...args: readonly string[]): Promise<Run> {
  const child = box.start(...args)
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { stdout, stderr, exitCode }
}

test('what tenon.lock lacks is refused with --frozen, and exit code 4', async () => {
  const run = await tenon('build', '--frozen')
  assert.equal(run.exitCode, 4, run.stderr)
  assert.match(run.stderr, /TN4900/)
  assert(!existsSync(lock))
})

test('a build adds the hash; update replaces it and prints both', async () => {
  const first = await tenon('build')
  assert.equal(first.exitCode, 0, first.stderr)
  assert(readFileSync(lock, 'utf8').includes(sri('first')))
  content = 'second'
  const update = await tenon('update')
  assert.equal(update.exitCode, 0, update.stderr)
  assert(update.stdout.includes(`${sri('first')} → ${sri('second')}\n`), update.stdout)
  assert(readFileSync(lock, 'utf8').includes(sri('second')))
  assert.equal((await tenon('build', '--frozen')).exitCode, 0)
  assert.equal((await tenon('update')).stdout, 'tenon.lock is up to date\n')
})

test('a download that changed under its lock is refused with both hashes', async () => {
  content = 'third'
  const fresh = await tenon('build', '--force')
  assert.equal(fresh.exitCode, 1, fresh.stderr)
  assert(fresh.stderr.includes(sri('second')) && fresh.stderr.includes(sri('third')), fresh.stderr)
  assert.match(fresh.stderr, /tenon update/)
})
