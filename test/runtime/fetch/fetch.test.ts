// fetch.test.ts — fetching a URL from real servers on loopback: what comes, what is refused, what is said.
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { fetchFixed } from '../../../runtime/fetch/fetch.ts'
import type { FetchRequest } from '../../../runtime/fetch/request.ts'
import { fromUrl, request, serve, serveTls, sri, temporary } from './loopback.ts'

const BODY = 'hello, world\n'.repeat(1000)

/** The error that a fetch ends with; it leaves nothing in the scratch. */
async function failureOf(o: FetchRequest): Promise<CodedError> {
  const error = await fetchFixed(o).then(
    () => assert.fail('it succeeded'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof CodedError, String(error))
  assert.deepEqual(readdirSync(o.scratch), [])
  return error
}

test('a file of the right hash arrives with its bytes, its SHA-256 and its progress', async (t) => {
  const url = await serve(t, (_, response) => response.end(BODY))
  const progress: [number, number | null][] = []
  const o = request(t, {
    source: fromUrl(`${url}/a/hello-1.0.tar.gz?x=1`),
    expected: sri(BODY, 'sha512'),
    onProgress: (done, total) => progress.push([done, total]),
  })
  const { file, hash } = await fetchFixed(o)
  assert.equal(file, join(o.scratch, 'hello-1.0.tar.gz'))
  assert.equal(readFileSync(file, 'utf8'), BODY)
  assert.equal(hash, sri(BODY))
  assert.deepEqual(progress[0], [0, BODY.length])
  assert.deepEqual(progress.at(-1), [BODY.length, BODY.length])
  assert.deepEqual(readdirSync(join(o.home, 'cache', 'downloads')), [])
})

test('without an expected hash what comes is taken and named', async (t) => {
  const url = await serve(t, (_, response) => response.end(BODY))
  assert.equal((await fetchFixed(request(t, { source: fromUrl(url) }))).hash, sri(BODY))
})

test('one of several expected hashes of the strongest algorithm is enough', async (t) => {
  const url = await serve(t, (_, response) => response.end(BODY))
  const expected = `${sri('other')} ${sri('other', 'sha512')}  ${sri(BODY, 'sha512')}`
  assert.equal((await fetchFixed(request(t, { source: fromUrl(url), expected }))).hash, sri(BODY))
  const error = await failureOf(
    request(t, { source: fromUrl(url), expected: `${sri(BODY)} ${sri('other', 'sha512')}` }),
  )
  assert.equal(error.code, 'TN4001')
})

test('a wrong hash publishes nothing and shows both hashes, the URL really used and how to update', async (t) => {
  const url = await serve(t, (message, response) => {
    if (message.url === '/old') response.writeHead(302, { location: '/new?signature=secret' }).end()
    else response.end(BODY)
  })
  const o = request(t, { source: fromUrl(`${url}/old`), expected: sri('other') })
  const error = await failureOf(o)
  assert.equal(error.code, 'TN4001')
  assert.match(error.message, new RegExp(`${url}/new\\?…`))
  assert.doesNotMatch(error.message, /secret/)
  assert.deepEqual(
    error.details.map((line) => line.replace(/ \(hex [0-9a-f]{64}\)$/, ' and hex')),
    [`expected ${sri('other')} and hex`, `got      ${sri(BODY)} and hex`],
  )
  assert.match(error.hint ?? '', /tenon update/)
  assert.deepEqual(readdirSync(join(o.home, 'cache', 'downloads')), [])
})

test('an archive that the server labels gzip-encoded keeps its bytes', async (t) => {
  const archive = gzipSync(BODY)
  let asked: unknown
  const url = await serve(t, (message, response) => {
    asked = message.headers['accept-encoding']
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(archive)
  })
  await fetchFixed(request(t, { source: fromUrl(url), expected: sri(archive) }))
  assert.equal(asked, 'identity')
})

test('redirects are followed ten times and no further', async (t) => {
  const url = await serve(t, (message, response) => {
    const left = Number(message.url?.slice(1))
    if (left === 0) response.end(BODY)
    else response.writeHead(307, { location: `/${left - 1}` }).end('moved')
  })
  await fetchFixed(request(t, { source: fromUrl(`${url}/10`), expected: sri(BODY) }))
  assert.equal((await failureOf(request(t, { source: fromUrl(`${url}/11`) }))).code, 'TN4005')
})

test('a server whose certificate nobody trusts is refused, with what to set', async (t) => {
  const url = await serveTls(t, (_, response) => response.end(BODY))
  const untrusted = await failureOf(request(t, { source: fromUrl(url) }))
  assert.equal(untrusted.code, 'TN4006')
  assert.match(untrusted.message, /localhost:\d+.*self-signed/)
  assert.match(untrusted.hint ?? '', /NODE_EXTRA_CA_CERTS/)
})

test('a redirect to something that is not http is refused', async (t) => {
  const url = await serve(t, (_, response) =>
    response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  )
  assert.equal((await failureOf(request(t, { source: fromUrl(url) }))).code, 'TN4005')
})

for (const [status, code] of [
  [404, 'TN4002'],
  [410, 'TN4002'],
  [401, 'TN4003'],
  [403, 'TN4003'],
  [418, 'TN4004'],
] as const)
  test(`an answer ${status} is not asked for again and is ${code}`, async (t) => {
    let asked = 0
    const url = await serve(t, (_, response) => {
      asked++
      response.writeHead(status).end('no')
    })
    const error = await failureOf(request(t, { source: fromUrl(`${url}/x.tar.gz`) }))
    assert.equal(error.code, code)
    assert.match(error.message, new RegExp(`${url}/x\\.tar\\.gz answers ${status}`))
    assert.equal(asked, 1)
  })

test('a port where nobody listens is named at once', async (t) => {
  const error = await failureOf(request(t, { source: fromUrl('http://127.0.0.1:1/x') }))
  assert.equal(error.code, 'TN4952')
  assert.match(error.message, /127\.0\.0\.1:1 \(ECONNREFUSED\)/)
})

test('an unknown host is named', async (t) => {
  const error = await failureOf(request(t, { source: fromUrl('http://nowhere.invalid/x') }))
  assert.equal(error.code, 'TN4951')
  assert.match(error.message, /nowhere\.invalid/)
})

test('a URL of another kind is refused', async (t) => {
  for (const url of ['ftp://example.org/x', 'example.org/x', 'file://host/x'])
    assert.equal((await failureOf(request(t, { source: fromUrl(url) }))).code, 'TN4007')
})

test('a file URL is copied and verified', async (t) => {
  const directory = temporary()
  writeFileSync(join(directory, 'a b.txt'), BODY, { mode: 0o400 })
  const source = fromUrl(pathToFileURL(join(directory, 'a b.txt')).href)
  const o = request(t, { source, expected: sri(BODY, 'sha384') })
  const { file, hash } = await fetchFixed(o)
  assert.equal(file, join(o.scratch, 'a_b.txt'))
  assert.equal(readFileSync(file, 'utf8'), BODY)
  assert.equal(hash, sri(BODY))
  assert.equal((await failureOf(request(t, { source, expected: sri('other') }))).code, 'TN4001')
  const missing = await failureOf(request(t, { source: fromUrl(pathToFileURL(join(directory, 'no')).href) }))
  assert.equal(missing.code, 'TN4002')
})

test("the user's mirrors come first, then the URL, then the step's mirrors", async (t) => {
  const asked: string[] = []
  const url = await serve(t, (message, response) => {
    asked.push(message.url ?? '')
    response.writeHead(404).end()
  })
  const o = request(t, {
    source: fromUrl(`${url}/origin/x`, `${url}/step/x`),
    mirrors: [
      { from: `${url}/origin/`, to: `${url}/user/` },
      { from: `${url}/`, to: `${url}/shorter/` },
    ],
  })
  const error = await failureOf(o)
  assert.deepEqual(asked, ['/user/x', '/origin/x', '/shorter/step/x', '/step/x'])
  assert.equal(error.code, 'TN4002')
  assert.match(error.message, /\/origin\/x answers 404/)
  assert.equal(error.details.length, 3)
  assert.match(error.details[0] ?? '', /also tried: .*\/user\/x answers 404/)
})

test('a mirror with wrong bytes falls back to the URL', async (t) => {
  const url = await serve(t, (message, response) => response.end(message.url === '/mirror' ? 'wrong' : BODY))
  const mirrors = [{ from: `${url}/origin`, to: `${url}/mirror` }]
  await fetchFixed(request(t, { source: fromUrl(`${url}/origin`), expected: sri(BODY), mirrors }))
})

test('a directory serves as a mirror, by path or by the file name alone', async (t) => {
  const directory = temporary()
  mkdirSync(join(directory, 'gnu', 'hello'), { recursive: true })
  writeFileSync(join(directory, 'gnu', 'hello', 'a.tar'), 'by path')
  writeFileSync(join(directory, 'b.tar'), 'by name')
  const mirrors = [{ from: 'https://ftp.invalid/', to: directory }]
  for (const [name, content] of [
    ['a.tar', 'by path'],
    ['b.tar', 'by name'],
  ] as const) {
    const source = fromUrl(`https://ftp.invalid/gnu/hello/${name}`)
    const o = request(t, { source, expected: sri(content), mirrors, offline: true })
    assert.equal(readFileSync((await fetchFixed(o)).file, 'utf8'), content)
  }
})

test('offline asks no server and names the URL', async (t) => {
  let asked = 0
  const url = await serve(t, (_, response) => {
    asked++
    response.end(BODY)
  })
  const error = await failureOf(request(t, { source: fromUrl(`${url}/x`, `${url}/y`), offline: true }))
  assert.equal(error.code, 'TN4950')
  assert.match(error.message, new RegExp(`${url}/x`))
  assert.equal(asked, 0)
})

test('a password in the URL is sent but never shown', async (t) => {
  const seen: (string | undefined)[] = []
  const url = await serve(t, (message, response) => {
    seen.push(message.headers.authorization)
    response.writeHead(403).end()
  })
  const error = await failureOf(request(t, { source: fromUrl(`${url.replace('//', '//me:secret@')}/x`) }))
  assert.deepEqual(seen, [`Basic ${Buffer.from('me:secret').toString('base64')}`])
  assert.doesNotMatch(JSON.stringify([error.message, error.details]), /secret/)
})

test('a bad expected hash is refused before anything is asked', async (t) => {
  const error = await failureOf(
    request(t, { source: fromUrl('http://127.0.0.1:1/x'), expected: 'sha256-short' }),
  )
  assert.equal(error.code, 'TN4000')
})

test('a home that cannot be written is named', async (t) => {
  const url = await serve(t, (_, response) => response.end(BODY))
  const o = request(t, { source: fromUrl(url) })
  writeFileSync(join(o.home, 'cache'), 'in the way')
  const error = await failureOf(o)
  assert.equal(error.code, 'TN4011')
  assert.match(error.message, /cache\/downloads/)
})

test('a header that cannot be sent is an error of the fetch', async (t) => {
  const o = request(t, { source: { kind: 'npm', name: 'pkg', version: '1.0.0' } })
  const env = {
    npm_config_registry: 'http://127.0.0.1:1',
    'npm_config_//127.0.0.1:1/:_authToken': 'line\nbreak',
  }
  const error = await failureOf({ ...o, env })
  assert.equal(error.code, 'TN4952')
  assert.doesNotMatch(JSON.stringify([error.message, error.details]), /line/)
})
