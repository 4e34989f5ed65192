// bad-input.test.ts — what a user gets wrong, end to end: code, hint, exit code, and nothing left behind.
import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { BUILD_FILE } from './sample-project.ts'
import { project, type Run } from './tenon.ts'

const HEAD = `import { chain, defineStep, file } from 'tenon'
import { fetchUrl } from 'tenon/steps'
import { z } from 'zod'
`
/** Each is the body of a step that must answer with a file `note`, and a package of `bad.ts`. */
const BAD_SCRIPTS = {
  exits1: 'echo about to fail; exit 1',
  exits2: 'echo about to fail; exit 2',
  exits255: 'echo about to fail; exit 255',
  killed: 'kill -9 $$',
  nowhere: 'output note /build/nowhere',
  shape: 'output_json note 42',
  empty: 'true',
  late: 'printf half > "$out_note"; exit 1',
}
const BAD_FILE = `${HEAD}
const bad = defineStep({ name: 'bad', params: z.object({ script: z.string() }), output: z.object({ note: file() }), script: ({ script }) => script })
const next = defineStep({ name: 'next', input: z.object({ note: file() }), output: z.object({ note: file() }), script: 'true' })
${Object.entries(BAD_SCRIPTS)
  .map(
    ([name, script]) =>
      `export const ${name} = chain('${name}', bad({ script: ${JSON.stringify(script)} }), next())\n`,
  )
  .join('')}`

const box = project({ 'build.ts': BUILD_FILE, 'bad.ts': BAD_FILE })

function refused(run: Run, exitCode: number, ...patterns: readonly RegExp[]): void {
  const text = `${run.stdout}${run.stderr}`
  assert.equal(run.stdout, '', text)
  assert.equal(run.exitCode, exitCode, text)
  assert.match(run.stderr, /^error TN\d{4}: /m)
  for (const pattern of patterns) assert.match(run.stderr, pattern)
}
const objects = (): readonly string[] =>
  existsSync(join(box.home, 'store')) ? readdirSync(join(box.home, 'store')) : []

test('an unknown export is refused with the nearest one', () => {
  refused(box.tenon('build', '#defualt'), 2, /TN6101/, /defualt/, /#default/)
})

test('an export that is no package is refused as such', () => {
  refused(box.tenon('build', '#version'), 2, /TN6103/, /not a package/)
})

test('an unknown step is refused with the nearest one', () => {
  refused(box.tenon('build', '@shuot'), 2, /TN6102/, /@shout/)
})

test('an unknown flag, command or file is refused before anything is loaded', () => {
  refused(box.tenon('build', '--forec'), 2, /TN6002/, /--force/)
  refused(box.tenon('biuld'), 2, /TN6001/, /tenon build/)
  refused(box.tenon('build', 'biuld.ts'), 2, /TN6011/, /build\.ts/)
})

test('a mirror that is none is refused', () => {
  refused(box.tenon('build', '--mirror', 'nonsense'), 1, /TN4008/, /FROM=TO/)
})

test('a syntax error is shown with its place', () => {
  box.write('syntax.ts', `${HEAD}export default chain('x',,)\n`)
  refused(box.tenon('build', 'syntax.ts'), 3, /syntax\.ts:4:\d+/, /4 \| export default chain\('x',,\)/, /\^/)
})

test('a type error is shown with its place, and nothing runs', () => {
  box.write('types.ts', BUILD_FILE.replace("text: 'hello'", 'text: 42'))
  refused(box.tenon('build', 'types.ts'), 3, /TN1000/, /types\.ts:\d+:\d+/, /text: 42/)
})

test('steps that do not fit are refused with one line that names both', () => {
  box.write('unfit.ts', BUILD_FILE.replace("write({ text: 'hello' }), shout()", 'program(), shout()'))
  refused(
    box.tenon('check', 'unfit.ts'),
    3,
    /TN1000.*'shout'.*'program'|TN1000.*'program'.*'shout'/,
    /unfit\.ts:\d+:\d+/,
  )
})

test('an exception while planning is shown with its place', () => {
  box.write(
    'throws.ts',
    `${HEAD}const table: Record<string, string[]> = {}\nexport default table['x']!.map((y) => y)\n`,
  )
  refused(box.tenon('build', 'throws.ts'), 3, /throws\.ts:5:\d+/)
})

test('a step that exits with another code than 0 fails the build with that code and its log', () => {
  for (const code of [1, 2, 255]) {
    const run = box.tenon('build', `bad.ts#exits${code}`)
    refused(
      run,
      1,
      new RegExp(`exits${code}@bad.*exited with code ${code}`),
      /\| about to fail/,
      /log: .*\.log/,
    )
    assert(run.stderr.includes(`look inside: tenon shell bad.ts#exits${code}@bad\n`))
    assert(run.stderr.includes(`exits${code}@next: not run, because exits${code}@bad failed\n`))
  }
})

test('the command that a failure names opens a shell at the failed step', () => {
  const [, words = ''] =
    /look inside: tenon shell (.*)/.exec(box.tenon('build', 'bad.ts#exits1').stderr) ?? []
  const run = box.tenonWith({ input: 'echo inside $(pwd)\n' }, 'shell', ...words.split(' '))
  assert.equal(run.stdout, 'inside /build\n', run.stderr)
})

test('a step that is killed fails the build with the signal', () => {
  refused(box.tenon('build', 'bad.ts#killed'), 1, /killed@bad.*SIGKILL/)
})

test('an output that is not there or of the wrong shape is told with its field', () => {
  refused(box.tenon('build', 'bad.ts#nowhere'), 1, /\/note/, /nothing is there/)
  refused(box.tenon('build', 'bad.ts#shape'), 1, /\/note/)
  refused(box.tenon('build', 'bad.ts#empty'), 1, /note/)
})

test('after a failure the store holds nothing of the failed step', () => {
  const before = objects()
  refused(box.tenon('build', 'bad.ts#late'), 1)
  assert.deepEqual(objects(), before)
})

const server = createServer((request, response) => {
  if (request.url === '/file') response.end('the bytes')
  else response.writeHead(404).end()
})
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an address of this form.
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const urls = { wrong: `${origin}/file`, gone: `${origin}/gone`, unreachable: 'http://127.0.0.1:1/file' }
  const hash = `sha256-${Buffer.alloc(32).toString('base64')}`
  const packages = Object.entries(urls).map(
    ([name, url]) =>
      `export const ${name} = chain('${name}', fetchUrl({ url: '${url}', hash: '${hash}' }))\n`,
  )
  box.write('fetch.ts', HEAD + packages.join(''))
})
after(() => server.close())

/** Of `fetch.ts`, where each package fetches one URL. Not spawnSync: the server is in this process. */
async function fetching(name: string, ...flags: readonly string[]): Promise<Run> {
  const child = box.start('build', `fetch.ts#${name}`, ...flags)
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { stdout, stderr, exitCode }
}

test('a wrong hash shows both hashes and stores nothing', async () => {
  const before = objects()
  refused(await fetching('wrong'), 1, /sha256-AAAAAAAAAAAAAAAA/, /sha256-(?!A{16})[A-Za-z0-9+/]{43}=/)
  assert.deepEqual(objects(), before)
})

test('a URL that is gone fails with its status', async () => {
  refused(await fetching('gone'), 1, /404/)
})

test('a remote that cannot be reached has an exit code of its own', async () => {
  refused(await fetching('unreachable'), 69)
})

test('--offline downloads nothing', async () => {
  const run = await fetching('wrong', '--offline')
  assert.notEqual(run.exitCode, 0)
  assert.match(run.stderr, /offline/)
})
