// examples.test.ts — every example builds from the command line, as its README says.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, before, test } from 'node:test'

const ROOT = join(import.meta.dirname, '../..')
const HELLO_FOLDER = 'https://ftp.gnu.org/gnu/hello/'
const HELLO = 'hello-2.10.tar.gz'
/** A folder with upstream archives, for machines without a way to their hosts. */
const SOURCES = process.env['TENON_TEST_SOURCES']
let home = ''

before(() => {
  home = mkdtempSync(join(tmpdir(), 'tenon-examples-'))
})
after(() => {
  rmSync(home, { recursive: true, force: true })
})

interface Finished {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

function tenon(...args: readonly string[]): Promise<Finished> {
  const env = { ...process.env, TENON_HOME: home }
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['dist/tenon.cjs', ...args],
      { cwd: ROOT, env, maxBuffer: 1 << 26 },
      (error, stdout, stderr) =>
        resolve({ exitCode: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    )
  })
}

async function built(...args: readonly string[]): Promise<Record<string, unknown>> {
  const { exitCode, stdout, stderr } = await tenon('build', ...args, '--no-link')
  assert.equal(exitCode, 0, stderr)
  const document: unknown = JSON.parse(stdout)
  assert.ok(typeof document === 'object' && document !== null)
  return { ...document }
}

function hasCommands(...commands: readonly string[]): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return commands.every((command) => folders.some((folder) => existsSync(join(folder, command))))
}

async function whyUnreachable(url: string): Promise<string | null> {
  try {
    const response = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(10_000) })
    return response.ok ? null : `${url} answers ${response.status}`
  } catch {
    return `${new URL(url).host} cannot be reached`
  }
}

test('quickstart makes a tarball whose program works, and a second build gives the same', async () => {
  const document = await built('examples/quickstart')
  const { file, ...rest } = document
  assert.match(String(file), /\/store\/[a-z0-9]{32}-mdtoc-file$/)
  assert.deepEqual(rest, {
    name: 'mdtoc',
    version: '1.2.0',
    fileName: 'mdtoc-1.2.0.tgz',
    prints: '- [Tenon](#tenon)\n  - [Steps](#steps)\n  - [Chains](#chains)',
  })
  assert.deepEqual(await built('examples/quickstart'), document)
})

/** How to get GNU hello here, or why it can't be built. */
async function helloMirror(): Promise<{ readonly mirror: readonly string[] } | { readonly lacks: string }> {
  if (!hasCommands('cc', 'make')) return { lacks: 'this machine has no C compiler or no make' }
  if (SOURCES !== undefined && existsSync(join(SOURCES, HELLO)))
    return { mirror: ['--mirror', `${HELLO_FOLDER}=${SOURCES}`] }
  const unreachable = await whyUnreachable(HELLO_FOLDER + HELLO)
  return unreachable === null
    ? { mirror: [] }
    : { lacks: `${unreachable}, and TENON_TEST_SOURCES names no folder with ${HELLO}` }
}

test('GNU hello is patched, built, tested, installed and run', async (t) => {
  const hello = await helloMirror()
  if ('lacks' in hello) return t.skip(hello.lacks)
  const { mirror } = hello
  const { prefix, stdout } = await built('examples/gnu-hello', ...mirror)
  assert.equal(stdout, 'Hello from Tenon: every step fits the next!')
  const run = await tenon('run', 'examples/gnu-hello', ...mirror, '--', '--traditional')
  assert.deepEqual([run.exitCode, run.stdout], [0, 'hello, world\n'], run.stderr)
  const { exitCode } = await tenon('log', 'examples/gnu-hello@check')
  assert.equal(exitCode, 0)
  assert.match(String(prefix), /\/store\/[a-z0-9]{32}-hello-prefix$/)
})

test('GNU hello again starts no process and says so; a comment runs nothing, and an edit of the patch runs what follows it', async (t) => {
  const hello = await helloMirror()
  if ('lacks' in hello) return t.skip(hello.lacks)
  const { mirror } = hello
  const unchanged = /^nothing to do: 9 steps found in the store, no process started\n$/
  const again = await tenon('build', 'examples/gnu-hello', '--no-link', ...mirror)
  assert.match(again.stderr, unchanged)

  // A checkout elsewhere has the same keys: only the patch is read there for the first time.
  const copy = join(home, 'gnu-hello')
  const isSource = (path: string): boolean => !/\/result(-|$)/.test(path)
  cpSync(join(ROOT, 'examples/gnu-hello'), copy, { recursive: true, filter: isSource })
  symlinkSync(join(ROOT, 'node_modules'), join(home, 'node_modules'))
  const elsewhere = await tenon('build', copy, '--no-link', ...mirror)
  assert.deepEqual([elsewhere.exitCode, elsewhere.stdout], [0, again.stdout], elsewhere.stderr)
  assert.match(
    elsewhere.stderr,
    /^local-file@local-file: started\n.*\ndone: 1 step ran, 8 found in the store/,
  )
  const build = join(copy, 'build.ts')
  writeFileSync(
    build,
    `// A comment.\n${readFileSync(build, 'utf8').replaceAll('\n  ', '\n\n  /* another */ ')}`,
  )
  assert.match((await tenon('build', copy, '--no-link', ...mirror)).stderr, unchanged)

  const patch = join(copy, 'greeting.patch')
  writeFileSync(patch, readFileSync(patch, 'utf8').replaceAll('every step fits the next', 'edited'))
  writeFileSync(build, readFileSync(build, 'utf8').replace('every step fits the next', 'edited'))
  const edited = await tenon('build', copy, '--no-link', '--granularity', 'split', ...mirror)
  assert.equal(edited.exitCode, 0, edited.stderr)
  const ran = [...edited.stderr.matchAll(/^hello@(\S+): ran in/gm)].map(([, step]) => step)
  assert.deepEqual(ran, ['patch', 'configure', 'make', 'check', 'install', 'run'])
  assert.match(edited.stdout, /Hello from Tenon: edited!/)
})

test('a program of one package links the library of another', async (t) => {
  if (!hasCommands('cc')) return t.skip('this machine has no C compiler')
  const { exitCode, stdout, stderr } = await tenon('build', 'examples/sqlite', '--no-link')
  if (exitCode === 69)
    return t.skip(`the npm registry cannot be reached: ${stderr.trim().split('\n').at(-1)}`)
  assert.equal(exitCode, 0, stderr)
  assert.match(stdout, /SQLite 3\.53\.2\\nAfrica \| Nile \| 6650\\n/)
})
