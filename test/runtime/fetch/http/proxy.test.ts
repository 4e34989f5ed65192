// proxy.test.ts — proxies of the environment, with real ones on loopback.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { CodedError } from '../../../../dsl/plan/coded-error.ts'
import { fetchFixed } from '../../../../runtime/fetch/fetch.ts'
import { nodeKnowsProxies } from '../../../../runtime/fetch/http/connection.ts'
import { CERTIFICATE } from '../localhost-certificate.ts'
import { fromUrl, request, serve, serveProxy, serveTls, sri } from '../loopback.ts'

test('http goes through http_proxy in absolute form', async (t) => {
  const seen: string[] = []
  const env = { http_proxy: await serveProxy(t, seen) }
  await fetchFixed(
    request(t, { source: fromUrl('http://nowhere.invalid/x'), expected: sri('through the proxy'), env }),
  )
  assert.deepEqual(seen, ['GET http://nowhere.invalid/x'])
})

test('no_proxy goes around the proxy', async (t) => {
  const seen: string[] = []
  const url = await serve(t, (_, response) => response.end('direct'))
  const env = { HTTP_PROXY: await serveProxy(t, seen), NO_PROXY: '127.0.0.1' }
  await fetchFixed(request(t, { source: fromUrl(url), expected: sri('direct'), env }))
  assert.deepEqual(seen, [])
})

test('https goes through a tunnel of https_proxy, with the credentials in its URL, to the authenticated server', async (t) => {
  const seen: string[] = []
  const tgz = 'a tarball'
  const registry = await serveTls(t, (message, response) => {
    const dist = { tarball: `${registry}/pkg/-/pkg-1.0.0.tgz`, integrity: sri(tgz, 'sha512') }
    response.end(message.url === '/pkg' ? JSON.stringify({ versions: { '1.0.0': { dist } } }) : tgz)
  })
  const proxy = await serveProxy(t, seen)
  const o = request(t, {
    source: { kind: 'npm', name: 'pkg', version: '1.0.0' },
    env: { https_proxy: proxy.replace('//', '//me:secret@'), npm_config_registry: registry },
  })
  // The test's certificate is trusted by way of npm's `cafile`.
  writeFileSync(join(o.projectRoot, 'ca.pem'), CERTIFICATE)
  writeFileSync(join(o.projectRoot, '.npmrc'), `cafile=${join(o.projectRoot, 'ca.pem')}\n`)
  assert.equal((await fetchFixed(o)).hash, sri(tgz))
  const basic = `Basic ${Buffer.from('me:secret').toString('base64')}`
  const connect = `CONNECT ${registry.slice('https://'.length)} ${basic}`
  assert.deepEqual(seen, [connect, connect])
})

test('a proxy that refuses is named as the cause, without its password', async (t) => {
  const proxy = await serveProxy(t, [], { refuse: 407 })
  const env = { https_proxy: proxy.replace('//', '//me:secret@') }
  const error = await fetchFixed(request(t, { source: fromUrl('https://nowhere.invalid/x'), env })).catch(
    (one: unknown) => one,
  )
  assert.ok(error instanceof CodedError)
  assert.equal(error.code, 'TN4956')
  assert.match(error.message, /nowhere\.invalid.*407/)
  assert.match(error.message, new RegExp(`https_proxy=${proxy}`))
  assert.doesNotMatch(error.message, /secret/)
})

test('a proxy that is not there is named with the host', async (t) => {
  const env = { http_proxy: 'http://127.0.0.1:1' }
  const error = await fetchFixed(request(t, { source: fromUrl('http://nowhere.invalid/x'), env })).catch(
    (one: unknown) => one,
  )
  assert.ok(error instanceof CodedError)
  assert.equal(error.code, 'TN4952')
  assert.match(error.message, /nowhere\.invalid.*http_proxy=http:\/\/127\.0\.0\.1:1/)
})

test('a proxy without a scheme is an http proxy, and one of another kind is refused', async (t) => {
  const seen: string[] = []
  const proxy = await serveProxy(t, seen)
  const source = fromUrl('http://nowhere.invalid/x')
  await fetchFixed(request(t, { source, env: { http_proxy: proxy.slice('http://'.length) } }))
  assert.deepEqual(seen, ['GET http://nowhere.invalid/x'])
  await assert.rejects(fetchFixed(request(t, { source, env: { HTTP_PROXY: 'socks5://127.0.0.1:1' } })), {
    code: 'TN4010',
  })
})

test('Node versions whose agents ignore proxies are known', () => {
  assert.deepEqual(['22.18.0', '22.21.0', '23.11.0', '24.4.1', '24.5.0', '25.0.0'].map(nodeKnowsProxies), [
    false,
    true,
    false,
    false,
    true,
    true,
  ])
})
