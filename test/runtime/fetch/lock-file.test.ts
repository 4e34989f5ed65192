// lock-file.test.ts — tenon.lock: its text, its errors, many writers.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { tryLock } from '../../../runtime/fetch/file-lock.ts'
import { addToLock, readLock } from '../../../runtime/fetch/lock-file.ts'
import { lockKeyOf } from '../../../runtime/fetch/request.ts'
import { sri, temporary } from './loopback.ts'

const HERE = new URL('../../../runtime/fetch/', import.meta.url)

/** Runs a module text in a process of its own. */
function run(text: string): { exited: Promise<unknown[]>; kill: () => void; output: NodeJS.ReadableStream } {
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return { exited: once(child, 'exit'), kill: () => child.kill('SIGKILL'), output: child.stdout }
}

test('the text is sorted by code unit, one entry a line, and comes back as it was', async () => {
  const root = temporary()
  assert.deepEqual(readLock(root), {})
  await addToLock(root, { 'https://b.org/': sri('b'), 'npm:a@1.0.0': sri('n') }, { replace: false })
  await addToLock(root, { 'https://a.org/': sri('a'), 'https://B.org/': sri('B') }, { replace: false })
  const text = `{
  "version": 1,
  "fetches": {
    "https://B.org/": "${sri('B')}",
    "https://a.org/": "${sri('a')}",
    "https://b.org/": "${sri('b')}",
    "npm:a@1.0.0": "${sri('n')}"
  }
}
`
  assert.equal(readFileSync(join(root, 'tenon.lock'), 'utf8'), text)
  assert.deepEqual(Object.keys(readLock(root)).length, 4)
  assert.deepEqual(readdirSync(root), ['tenon.lock'])
})

test('another hash for a locked key is an error and changes nothing, unless it replaces', async () => {
  const root = temporary()
  await addToLock(root, { k: sri('a') }, { replace: false })
  const before = readFileSync(join(root, 'tenon.lock'), 'utf8')
  await addToLock(root, { k: sri('a') }, { replace: false })
  await assert.rejects(addToLock(root, { k: sri('b'), other: sri('o') }, { replace: false }), (error) => {
    assert.ok(error instanceof CodedError)
    assert.equal(error.code, 'TN4104')
    assert.deepEqual(error.details, [`locked   ${sri('a')}`, `got      ${sri('b')}`])
    return true
  })
  assert.equal(readFileSync(join(root, 'tenon.lock'), 'utf8'), before)
  await addToLock(root, { k: sri('b') }, { replace: true })
  assert.deepEqual(readLock(root), { k: sri('b') })
})

test('a malformed hash is never written', async () => {
  const root = temporary()
  await assert.rejects(addToLock(root, { k: 'abc' }, { replace: false }), { code: 'TN4000' })
  assert.deepEqual(readdirSync(root), [])
})

test('each damage has its error, at its line', () => {
  const root = temporary()
  const lock = (entries: string, version = '1') =>
    `{\n  "version": ${version},\n  "fetches": {\n${entries}\n  }\n}\n`
  for (const [text, code, line] of [
    ['', 'TN4100', 1],
    ['[]', 'TN4100', 1],
    ['{"version": 1}', 'TN4100', 1],
    [lock(`    "a": "${sri('a')}"\n    "b": "${sri('b')}"`), 'TN4100', 5],
    [lock(`<<<<<<< HEAD\n    "a": "${sri('a')}"\n=======\n    "b": "${sri('b')}"\n>>>>>>> x`), 'TN4101', 4],
    [lock('', '2'), 'TN4102', 2],
    [lock(`    "a": "${sri('a')}",\n    "b": "sha256-abc"`), 'TN4103', 5],
    [lock('    "a": 1'), 'TN4103', 4],
    [lock(`    "a": "${sri('a')}",\n    "a": "${sri('b')}"`), 'TN4103', 5],
  ] as const) {
    writeFileSync(join(root, 'tenon.lock'), text)
    assert.throws(
      () => readLock(root),
      (error) => {
        assert.ok(error instanceof CodedError)
        assert.equal(error.code, code, text)
        assert.deepEqual(error.position, { file: join(root, 'tenon.lock'), line, column: 1 }, text)
        assert.notEqual(error.hint, undefined)
        return true
      },
    )
  }
})

test('a damaged tenon.lock is not overwritten', async () => {
  const root = temporary()
  writeFileSync(join(root, 'tenon.lock'), '<<<<<<< HEAD\n')
  await assert.rejects(addToLock(root, { k: sri('a') }, { replace: true }), { code: 'TN4101' })
  assert.equal(readFileSync(join(root, 'tenon.lock'), 'utf8'), '<<<<<<< HEAD\n')
  assert.deepEqual(readdirSync(root), ['tenon.lock'])
})

test('eight processes that add at the same time lose nothing', async () => {
  const root = temporary()
  const writers = Array.from({ length: 8 }, (_, writer) =>
    run(`
      const { addToLock } = await import(${JSON.stringify(new URL('lock-file.ts', HERE).href)})
      const root = ${JSON.stringify(root)}
      for (let i = 0; i < 10; i++) await addToLock(root, { ['w${writer}-' + i]: ${JSON.stringify(sri('x'))} }, { replace: false })
    `),
  )
  for (const [code] of await Promise.all(writers.map(({ exited }) => exited))) assert.equal(code, 0)
  assert.equal(Object.keys(readLock(root)).length, 80)
  assert.deepEqual(readdirSync(root), ['tenon.lock'])
})

test('eight processes that find a dead writer’s lock clear it once and lose nothing', async () => {
  const root = temporary()
  await leaveLock(join(root, 'tenon.lock.writing'))
  assert.equal(existsSync(join(root, 'tenon.lock.writing')), true)
  const writers = Array.from({ length: 8 }, (_, writer) =>
    run(`
      const { addToLock } = await import(${JSON.stringify(new URL('lock-file.ts', HERE).href)})
      await addToLock(${JSON.stringify(root)}, { w${writer}: ${JSON.stringify(sri('x'))} }, { replace: false })
    `),
  )
  for (const [code] of await Promise.all(writers.map(({ exited }) => exited))) assert.equal(code, 0)
  assert.equal(Object.keys(readLock(root)).length, 8)
  assert.deepEqual(readdirSync(root), ['tenon.lock'])
})

test('a lock is refused while its holder lives, and free when the holder is killed', async () => {
  const file = join(temporary(), 'lock')
  const holder = run(holding(file, 'setInterval(() => {}, 1000)'))
  await once(holder.output, 'data')
  assert.equal(tryLock(file), null)
  holder.kill()
  await holder.exited
  const lock = tryLock(file)
  assert.notEqual(lock, null)
  assert.equal(tryLock(file), null)
  lock?.release()
  assert.equal(existsSync(file), false)
})

function holding(file: string, then: string): string {
  return `
    const { tryLock } = await import(${JSON.stringify(new URL('file-lock.ts', HERE).href)})
    console.log(tryLock(${JSON.stringify(file)}) !== null)
    ${then}
  `
}

async function leaveLock(file: string): Promise<void> {
  await run(holding(file, 'process.exit()')).exited
}

test('a place that cannot be written is an error of the lock', async () => {
  const root = join(temporary(), 'missing')
  await assert.rejects(addToLock(root, { k: sri('a') }, { replace: false }), { code: 'TN4106' })
})

test('keys are the URL, or name and version of the package', () => {
  assert.equal(lockKeyOf({ kind: 'url', url: 'https://a.org/x', mirrors: [] }), 'https://a.org/x')
  assert.equal(lockKeyOf({ kind: 'npm', name: '@a/b', version: '1.2.3' }), 'npm:@a/b@1.2.3')
})
