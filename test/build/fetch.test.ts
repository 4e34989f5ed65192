// fetch.test.ts — downloads as a part of builds, through the command: hashes, the lock, what goes wrong, archives that are hostile.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { Project, type Ran } from '../project.ts'
import { tar, type TarEntry } from '../stdlib-steps/archive/archives.ts'

const sri = (content: string | Buffer): string =>
  `sha256-${createHash('sha256').update(content).digest('base64')}`
const literal = (text: string): RegExp => new RegExp(text.replaceAll(/[+/.]/g, String.raw`\$&`))
const HEAD = `import { z } from 'zod'
import { chain, defineStep, file, workTree } from 'tenon'
import { fetchUrl, unpack } from 'tenon/steps'
import * as fs from 'node:fs'
const read = defineStep({ name: 'read', input: z.object({ file: file() }), output: z.object({ text: z.string() }), async run({ input }) { return { text: fs.readFileSync(input.file, 'utf8') } } })
const list = defineStep({ name: 'list', input: z.object({ src: workTree() }), output: z.object({ files: z.array(z.string()) }), async run({ input }) { return { files: fs.readdirSync(input.src) } } })
`
/** Archives that a careless unpacker writes outside of its folder with. */
const HOSTILE: Readonly<
  Record<string, { readonly entries: readonly TarEntry[]; readonly code: string; readonly names: RegExp }>
> = {
  climbs: { entries: [{ name: '../escaped', content: 'x' }], code: 'TN3502', names: /\.\.\/escaped/ },
  absolute: { entries: [{ name: '/tmp/escaped', content: 'x' }], code: 'TN3502', names: /\/tmp\/escaped/ },
  linkOut: {
    entries: [{ name: 'a', type: 'symlink', linkname: '../../escaped' }],
    code: 'TN3503',
    names: /'a'|"a"/,
  },
  linkAbsolute: {
    entries: [{ name: 'a', type: 'symlink', linkname: '/etc/passwd' }],
    code: 'TN3503',
    names: /\/etc\/passwd/,
  },
  throughLink: {
    entries: [
      { name: 'a', type: 'symlink', linkname: '..' },
      { name: 'a/escaped', content: 'x' },
    ],
    code: 'TN3503',
    names: /a/,
  },
  hardLink: {
    entries: [{ name: 'a', type: 'link', linkname: '../escaped' }],
    code: 'TN3503',
    names: /escaped/,
  },
  device: { entries: [{ name: 'dev', type: 'character-device' }], code: 'TN3504', names: /dev/ },
}
const TEXT = 'the bytes of the file\n'
const archives = new Map<string, Buffer>()
const served: string[] = []
let text = TEXT
const server = createServer((request, response) => {
  const url = request.url ?? ''
  served.push(url)
  if (url === '/demo') {
    const tarball = archives.get('good.tar.gz') ?? Buffer.alloc(0)
    const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`
    const dist = { tarball: `${origin}/good.tar.gz`, integrity }
    return void response.end(
      JSON.stringify({ name: 'demo', versions: { '1.0.0': { name: 'demo', version: '1.0.0', dist } } }),
    )
  }
  const archive = archives.get(url.slice(1))
  if (archive !== undefined) response.end(archive)
  else if (url === '/moved/text') response.writeHead(302, { location: '/text' }).end()
  else if (url === '/text') response.end(text)
  else if (url === '/cut') {
    response.writeHead(200, { 'content-length': String(TEXT.length) })
    response.write(TEXT.slice(0, 5), () => setImmediate(() => response.destroy()))
  } else response.writeHead(404).end('nothing here')
})
const project = new Project()
let origin = ''
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  for (const [name, { entries }] of Object.entries(HOSTILE))
    archives.set(`${name}.tar.gz`, gzipSync(await tar(entries)))
  archives.set('good.tar.gz', gzipSync(await tar([{ name: 'good/a', content: 'A' }])))
  archives.set(
    'halved.tar.gz',
    gzipSync(await tar([{ name: 'a', content: 'A'.repeat(100_000) }])).subarray(0, -20),
  )
  const fetch = (name: string, url: string, hash: string | null): string =>
    `export const ${name} = chain('${name}', fetchUrl({ url: '${url}'${hash === null ? '' : `, hash: '${hash}'`} }), read())\n`
  const packages = [
    fetch('right', `${origin}/text`, sri(TEXT)),
    fetch('moved', `${origin}/moved/text`, sri(TEXT)),
    fetch('wrong', `${origin}/text`, sri('other bytes')),
    fetch('gone', `${origin}/gone`, sri(TEXT)),
    fetch('cut', `${origin}/cut`, sri('other bytes than those of the right one')),
    fetch('unreachable', 'http://127.0.0.1:1/text', sri('unreachable')),
    fetch('unknown', 'http://no-such-host.invalid/text', sri('unknown')),
    fetch('unlocked', `${origin}/text`, null),
    ...[...archives].map(([file, content]) => {
      const name = file.split('.')[0] ?? ''
      return `export const ${name} = chain('${name}', fetchUrl({ url: '${origin}/${file}', hash: '${sri(content)}' }), unpack(), list())\n`
    }),
  ]
  project.write({ 'build.ts': HEAD + packages.join('') })
  const { code, stderr } = await project.tenon(['check'])
  assert.equal(code, 0, stderr)
})
after(() => {
  server.closeAllConnections()
  server.close()
})

const build = (name: string, ...flags: readonly string[]): Promise<Ran> =>
  project.tenon(['build', `#${name}`, '--no-link', ...flags])

async function fails(name: string, exitCode: number, ...patterns: readonly RegExp[]): Promise<void> {
  const { code, stdout, stderr } = await build(name)
  assert.equal(code, exitCode, stderr)
  assert.equal(stdout, '')
  for (const pattern of patterns) assert.match(stderr, pattern)
  assert.match(stderr, /^ *(hint|look inside): ./m)
}

test('a download with the right hash is stored once, whatever URL it came from', async () => {
  assert.deepEqual(JSON.parse((await build('right')).stdout), { text: TEXT })
  const before = served.length
  assert.deepEqual(JSON.parse((await build('right')).stdout), { text: TEXT })
  assert.equal(served.length, before)
  const moved = await build('moved')
  assert.deepEqual(JSON.parse(moved.stdout), { text: TEXT })
  assert.doesNotMatch(moved.stderr, /moved@fetch-url: started/)
  assert.equal(served.length, before)
})

test('bytes of a wrong hash, a 404, a truncated body and hosts out of reach fail clearly and store nothing', async () => {
  const before = project.stored()
  await Promise.all([
    fails('wrong', 1, /TN4001/, literal(sri('other bytes')), literal(sri(TEXT)), /hint: /),
    fails('gone', 1, /TN4002/, /404/, /\/gone/),
    fails('cut', 69, /TN4955/, /cut@fetch-url/, /after 5 of 22 bytes/),
    fails('unreachable', 69, /TN4952/, /127\.0\.0\.1:1/),
    fails('unknown', 69, /TN4951/, /no-such-host\.invalid/),
  ])
  assert.deepEqual(project.stored(), before)
})

test('--frozen refuses a new entry of tenon.lock; without it the entry is added; tenon update replaces it', async () => {
  const lock = join(project.directory, 'tenon.lock')
  const before = served.length
  const frozen = await build('unlocked', '--frozen')
  assert.equal(frozen.code, 4, frozen.stderr)
  assert.match(frozen.stderr, /TN4900[^]*\/text[^]*hint: /)
  assert.ok(!existsSync(lock))
  assert.equal(served.length, before, 'nothing was asked for')

  assert.deepEqual(JSON.parse((await build('unlocked')).stdout), { text: TEXT })
  assert.ok(readFileSync(lock, 'utf8').includes(`"${origin}/text": "${sri(TEXT)}"`))
  assert.equal((await build('unlocked', '--frozen')).code, 0)

  text = 'a new version\n'
  try {
    const { code, stdout, stderr } = await project.tenon(['update', '#unlocked'])
    assert.equal(code, 0, stderr)
    assert.equal(stdout, `${origin}/text: ${sri(TEXT)} → ${sri(text)}\n`)
    assert.deepEqual(JSON.parse((await build('unlocked')).stdout), { text })
  } finally {
    text = TEXT
  }
  writeFileSync(lock, '<<<<<<< ours\n')
  const conflict = await build('unlocked')
  assert.equal(conflict.code, 1)
  assert.match(conflict.stderr, /TN4101/)
  rmSync(lock)
})

describe('an archive is refused by the step that unpacks it, and nothing of it is stored or written, when it', () => {
  for (const [name, { code, names }] of Object.entries(HOSTILE))
    test(name, async () => {
      await build(`${name}@fetch-url`)
      const before = project.stored()
      await fails(
        name,
        1,
        new RegExp(`${name}@unpack.*exited with code 1`),
        new RegExp(code),
        names,
        /not run, because/,
      )
      assert.deepEqual(project.stored(), before)
      assert.ok(!existsSync('/tmp/escaped'))
    })
  test('is cut short', async () => await fails('halved', 1, /TN3501/))
})

test('a good archive is unpacked', async () => {
  assert.deepEqual(JSON.parse((await build('good')).stdout), { files: ['a'] })
})

test('a step may use the network when its hash is declared, and is held to it; others are refused while planning', async () => {
  const step = (hash: string): string => `import { get } from 'node:http'
const download = defineStep({ name: 'download', params: z.object({ url: z.string() }), output: z.object({ file: file() }), network: true, fixedOutput: () => ({ hash: '${hash}' }),
  async run({ params, out }) {
    const text = await new Promise<string>((resolve, reject) => get(params.url, (response) => {
      let all = ''
      response.on('data', (chunk) => (all += chunk))
      response.on('end', () => resolve(all))
    }).on('error', reject))
    fs.writeFileSync(out.file, text)
    return { file: out.file }
  } })
export default chain('net', download({ url: '${origin}/text' }), read())
`
  project.write({
    'net.ts': HEAD + step(sri(TEXT)),
    'net-wrong.ts': HEAD + step(sri('something else')),
    'net-free.js': `${HEAD}export default chain('free', defineStep({ name: 'free', output: z.object({}), network: true, script: 'true' })())\n`,
  })
  const before = project.stored()
  const { failures } = await project.build('net-wrong.ts')
  assert.equal(failures[0]?.error.code, 'TN3720')
  assert.deepEqual(failures[0].error.details, [
    `declared: ${sri('something else')}`,
    `got:      ${sri(TEXT)}`,
  ])
  const added = project.stored().filter((path) => !before.includes(path))
  assert.deepEqual(
    added.filter((path) => /^(results|objects|store)\/./.test(path) && !path.endsWith('/')),
    [],
  )
  assert.deepEqual((await project.build('net.ts')).document, { text: TEXT })
  const free = await project.tenon(['check', 'net-free.js'])
  assert.deepEqual([free.code, /TN\d{4}[^]*fixedOutput/.test(free.stderr)], [3, true], free.stderr)
})

test('an npm package comes from the registry that the project’s .npmrc names, is locked, and is there offline afterwards', async () => {
  project.write({
    '.npmrc': `registry=${origin}/\n`,
    'npm.ts': `${HEAD.replace('fetchUrl', 'fetchNpm')}export default chain('npm', fetchNpm({ name: 'demo', version: '1.0.0' }), unpack(), list())\n`,
  })
  const first = await project.tenon(['build', 'npm.ts', '--no-link'])
  assert.deepEqual([first.code, JSON.parse(first.stdout)], [0, { files: ['a'] }], first.stderr)
  const lock = readFileSync(join(project.directory, 'tenon.lock'), 'utf8')
  assert.match(lock, /"npm:demo@1\.0\.0": "sha/)
  const before = served.length
  const offline = await project.tenon(['build', 'npm.ts', '--no-link', '--offline', '--frozen'])
  assert.deepEqual([offline.code, offline.stdout], [0, first.stdout], offline.stderr)
  assert.equal(served.length, before)
  project.write({
    'missing.ts': `${HEAD.replace('fetchUrl', 'fetchNpm')}export default chain('npm', fetchNpm({ name: 'demo', version: '2.0.0' }), unpack(), list())\n`,
  })
  const missing = await project.tenon(['build', 'missing.ts', '--no-link'])
  assert.deepEqual([missing.code, /TN4032[^]*1\.0\.0/.test(missing.stderr)], [1, true], missing.stderr)
})
