// npm.test.ts — packages from a registry on loopback: configuration, credentials, integrity.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import { CodedError } from '../../../../dsl/plan/coded-error.ts'
import { fetchFixed } from '../../../../runtime/fetch/fetch.ts'
import type { FetchRequest } from '../../../../runtime/fetch/request.ts'
import { CERTIFICATE } from '../localhost-certificate.ts'
import { breakOff, request, serve, serveTls, sri } from '../loopback.ts'

const TGZ = 'the bytes of a package'

interface Registry {
  readonly url: string
  readonly asked: string[] // `<path> <authorization>`
}
interface Behaviour {
  readonly dist?: Readonly<Record<string, unknown>>
  readonly token?: string
  readonly answer?: string
}

async function registry(t: TestContext, o: Behaviour = {}): Promise<Registry> {
  const asked: string[] = []
  const url = await serve(t, (message, response) => {
    asked.push(`${message.url} ${message.headers.authorization ?? '-'}`)
    if (o.token !== undefined && message.headers.authorization !== `Bearer ${o.token}`)
      response.writeHead(401).end()
    else if (message.url?.endsWith('.tgz')) response.end(TGZ)
    else if (message.url?.endsWith('unknown')) response.writeHead(404).end()
    else {
      const dist = { tarball: `${url}/tarballs/a.tgz`, integrity: sri(TGZ, 'sha512'), ...o.dist }
      const packument = { 'dist-tags': { latest: '1.2.3' }, versions: { '1.2.2': {}, '1.2.3': { dist } } }
      response.writeHead(200, { 'content-encoding': 'gzip' })
      response.end(gzipSync(o.answer ?? JSON.stringify(packument)))
    }
  })
  return { url, asked }
}

function npm(
  t: TestContext,
  npmrc: string,
  o: Partial<FetchRequest> & { name?: string; version?: string } = {},
): FetchRequest {
  const { name = 'pkg', version = '1.2.3', ...rest } = o
  const made = request(t, { source: { kind: 'npm', name, version }, ...rest })
  writeFileSync(join(made.projectRoot, '.npmrc'), npmrc)
  return made
}

async function failureOf(o: FetchRequest): Promise<CodedError> {
  const error = await fetchFixed(o).catch((one: unknown) => one)
  assert.ok(error instanceof CodedError, String(error))
  return error
}

test('a package comes from the registry of the project, verified by what the registry promises', async (t) => {
  const { url, asked } = await registry(t)
  const { file, hash } = await fetchFixed(npm(t, `; ours\nregistry = "${url}"\n`))
  assert.equal(readFileSync(file, 'utf8'), TGZ)
  assert.equal(hash, sri(TGZ))
  assert.deepEqual(asked, ['/pkg -', '/tarballs/a.tgz -'])
})

test('bytes that differ from what the registry promises are refused', async (t) => {
  const { url } = await registry(t, { dist: { integrity: sri('other', 'sha512') } })
  assert.equal((await failureOf(npm(t, `registry=${url}`))).code, 'TN4001')
})

test('a scope has its own registry, and its token goes to that host only', async (t) => {
  const elsewhere = await registry(t)
  const scoped = await registry(t, { token: 's3cret', dist: { tarball: `${elsewhere.url}/x.tgz` } })
  const host = scoped.url.slice('http:'.length)
  const npmrc = `@ours:registry=${scoped.url}/npm/\n${host}/npm/:_authToken=\${TOKEN}\nregistry=${elsewhere.url}\n`
  const env = { TOKEN: 's3cret' }
  await fetchFixed(npm(t, npmrc, { name: '@ours/pkg', env }))
  assert.deepEqual(scoped.asked, ['/npm/@ours%2fpkg Bearer s3cret'])
  assert.deepEqual(elsewhere.asked, ['/x.tgz -'])
})

test('a redirect takes no token to another host', async (t) => {
  const elsewhere = await registry(t)
  const url = await serve(t, (message, response) => {
    assert.equal(message.headers.authorization, 'Bearer s3cret')
    response.writeHead(302, { location: `${elsewhere.url}${message.url}` }).end()
  })
  await fetchFixed(npm(t, `registry=${url}\n${url.slice('http:'.length)}/:_authToken=s3cret\n`))
  assert.deepEqual(elsewhere.asked, ['/pkg -', '/tarballs/a.tgz -'])
})

test('a missing token is an error that shows no credentials', async (t) => {
  const { url } = await registry(t, { token: 's3cret' })
  const error = await failureOf(npm(t, `registry=${url}\n${url.slice('http:'.length)}/:_authToken=wr0ng\n`))
  assert.equal(error.code, 'TN4003')
  assert.match(error.hint ?? '', /\.npmrc/)
  assert.doesNotMatch(JSON.stringify([error.message, error.details, error.hint, error.stack]), /wr0ng/)
})

test('a token whose variable is not set is not sent', async (t) => {
  const { url, asked } = await registry(t)
  await fetchFixed(npm(t, `registry=${url}\n${url.slice('http:'.length)}/:_authToken=\${UNSET}\n`))
  assert.deepEqual(asked, ['/pkg -', '/tarballs/a.tgz -'])
})

for (const [what, lines] of [
  ['_auth', ['_auth=bWU6c2VjcmV0']],
  ['username and _password', ['username=me', `_password=${Buffer.from('secret').toString('base64')}`]],
] as const)
  test(`${what} are basic credentials`, async (t) => {
    const { url, asked } = await registry(t)
    const host = url.slice('http:'.length)
    await fetchFixed(npm(t, [`registry=${url}`, ...lines.map((line) => `${host}/:${line}`)].join('\n')))
    assert.equal(asked[0], '/pkg Basic bWU6c2VjcmV0')
  })

test('environment beats project beats user beats global configuration', async (t) => {
  const { url, asked } = await registry(t)
  const o = npm(t, `registry=${url}/project`)
  const home = join(o.home, 'user')
  mkdirSync(home)
  writeFileSync(join(home, '.npmrc'), `registry=${url}/user`)
  writeFileSync(join(home, 'global'), `registry=${url}/global`)
  const env = { HOME: home, npm_config_globalconfig: join(home, 'global') }
  await fetchFixed({ ...o, env: { ...env, NPM_CONFIG_REGISTRY: `${url}/environment/` } })
  await fetchFixed({ ...o, env })
  writeFileSync(join(o.projectRoot, '.npmrc'), '')
  await fetchFixed({ ...o, env })
  writeFileSync(join(home, '.npmrc'), '')
  await fetchFixed({ ...o, env })
  assert.deepEqual(
    asked.filter((line) => line.includes('pkg')),
    ['/environment/pkg -', '/project/pkg -', '/user/pkg -', '/global/pkg -'],
  )
})

test('a tarball URL of another registry is read from the configured one', async (t) => {
  const { url, asked } = await registry(t, {
    dist: { tarball: 'https://another.example/pkg/-/pkg-1.2.3.tgz' },
  })
  await fetchFixed(npm(t, `registry=${url}/mirror`))
  assert.deepEqual(asked, ['/mirror/pkg -', '/mirror/pkg/-/pkg-1.2.3.tgz -'])
})

test('a registry that names another hash than the expected one is refused before the download', async (t) => {
  const { url, asked } = await registry(t)
  const error = await failureOf(npm(t, `registry=${url}`, { expected: sri('other', 'sha512') }))
  assert.equal(error.code, 'TN4034')
  assert.deepEqual(error.details, [`expected ${sri('other', 'sha512')}`, `registry ${sri(TGZ, 'sha512')}`])
  assert.deepEqual(asked, ['/pkg -'])
})

test('the expected hash counts, in whatever algorithm', async (t) => {
  const { url } = await registry(t)
  await fetchFixed(npm(t, `registry=${url}`, { expected: sri(TGZ) }))
  assert.equal((await failureOf(npm(t, `registry=${url}`, { expected: sri('other') }))).code, 'TN4001')
})

test('a directory mirror serves a locked package offline, without asking the registry', async (t) => {
  const { url, asked } = await registry(t)
  const o = npm(t, `registry=${url}`, { expected: sri(TGZ), offline: true })
  writeFileSync(join(o.home, 'pkg-1.2.3.tgz'), TGZ)
  await fetchFixed({ ...o, mirrors: [{ from: `${url}/`, to: o.home }] })
  assert.equal((await failureOf(o)).code, 'TN4950')
  assert.deepEqual(asked, [])
})

test('an unknown package and an unknown version are told apart', async (t) => {
  const { url } = await registry(t)
  const noPackage = await failureOf(npm(t, `registry=${url}`, { name: 'unknown' }))
  assert.equal(noPackage.code, 'TN4032')
  assert.match(noPackage.message, /no package unknown/)
  const noVersion = await failureOf(npm(t, `registry=${url}`, { version: '9.9.9' }))
  assert.equal(noVersion.code, 'TN4032')
  assert.match(noVersion.message, /no version 9\.9\.9 of pkg/)
  assert.equal(noVersion.hint, 'Its latest version is 1.2.3.')
  assert.deepEqual(noVersion.details, ['its last versions: 1.2.2, 1.2.3'])
})

test('a range, a tag and a name that is none are refused', async (t) => {
  for (const version of ['^1.2.3', 'latest', '1.2', '1.2.3/../..'])
    assert.equal((await failureOf(npm(t, '', { version }))).code, 'TN4031')
  for (const name of ['../x', '@a/b/c', '', 'a?b'])
    assert.equal((await failureOf(npm(t, '', { name }))).code, 'TN4030')
})

test('a login page in place of a registry is recognised', async (t) => {
  for (const answer of ['<html>', '{}', 'null']) {
    const { url } = await registry(t, { answer })
    assert.equal((await failureOf(npm(t, `registry=${url}`))).code, 'TN4033')
  }
})

test('a registry that is no URL and a cafile that is not there are errors of the configuration', async (t) => {
  assert.equal((await failureOf(npm(t, 'registry=nowhere'))).code, 'TN4035')
  assert.equal((await failureOf(npm(t, 'cafile=/nowhere/ca.pem'))).code, 'TN4035')
})

test('metadata that breaks off is asked for again', async (t) => {
  let asked = 0
  const url = await serve(t, (message, response) => {
    if (message.url === '/pkg' && ++asked === 1) return breakOff(response, { 'content-length': '5000' }, '{')
    const dist = { tarball: `${url}/a.tgz` }
    response.end(message.url === '/pkg' ? JSON.stringify({ versions: { '1.2.3': { dist } } }) : TGZ)
  })
  await fetchFixed(npm(t, `registry=${url}`))
  assert.equal(asked, 2)
})

test('a redirect from https to http is refused', async (t) => {
  const plain = await registry(t)
  const url = await serveTls(t, (message, response) => {
    response.writeHead(302, { location: `${plain.url}${message.url}` }).end()
  })
  const o = npm(t, '')
  writeFileSync(join(o.home, 'ca.pem'), CERTIFICATE)
  writeFileSync(join(o.projectRoot, '.npmrc'), `registry=${url}\ncafile=${join(o.home, 'ca.pem')}`)
  const error = await failureOf(o)
  assert.equal(error.code, 'TN4005')
  assert.match(error.message, /from https to http/)
  assert.deepEqual(plain.asked, [])
})
