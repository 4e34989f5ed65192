// download.test.ts — interruptions: retries, resuming, silence, cancelling; against real servers on loopback.
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { digestOf } from '../../../../dsl/plan/digest.ts'
import { CodedError } from '../../../../dsl/plan/coded-error.ts'
import { fetchFixed } from '../../../../runtime/fetch/fetch.ts'
import { retryAfterMs } from '../../../../runtime/fetch/http/get.ts'
import type { FetchRequest } from '../../../../runtime/fetch/request.ts'
import { breakOff, fromUrl, header, request, serve, sri } from '../loopback.ts'

const BODY = 'abcdefghij'.repeat(2000)
const HALF = BODY.slice(0, BODY.length / 2)

async function codeOf(o: FetchRequest): Promise<string> {
  return fetchFixed(o).then(
    () => assert.fail('it succeeded'),
    (error: unknown) => (error instanceof CodedError ? error.code : String(error)),
  )
}

test('a 500 is tried again', async (t) => {
  let asked = 0
  const notes: string[] = []
  const url = await serve(t, (_, response) =>
    ++asked < 3 ? response.writeHead(500).end() : response.end(BODY),
  )
  await fetchFixed(
    request(t, { source: fromUrl(url), expected: sri(BODY), onNote: (line) => notes.push(line) }),
  )
  assert.equal(asked, 3)
  assert.equal(notes.length, 2)
  assert.match(notes[0] ?? '', /answers 500 .*trying again in 0\.0 s/)
})

test('a server that keeps failing is given up after the attempts', async (t) => {
  let asked = 0
  const url = await serve(t, (_, response) => {
    asked++
    response.writeHead(503).end()
  })
  assert.equal(await codeOf(request(t, { source: fromUrl(url) })), 'TN4953')
  assert.equal(asked, 3)
})

test('Retry-After is obeyed, and one beyond patience ends the tries', async (t) => {
  let asked = 0
  const notes: string[] = []
  const url = await serve(t, (message, response) => {
    if (++asked === 1) response.writeHead(429, { 'retry-after': '1' }).end()
    else if (message.url === '/long') response.writeHead(429, { 'retry-after': '3600' }).end()
    else response.end(BODY)
  })
  const onNote = (line: string) => notes.push(line)
  await fetchFixed(request(t, { source: fromUrl(`${url}/short`), expected: sri(BODY), onNote }))
  assert.match(notes.join('\n'), /^.* answers 429 .*; trying again in 1\.0 s$/)
  assert.equal(await codeOf(request(t, { source: fromUrl(`${url}/long`) })), 'TN4953')
  assert.equal(asked, 3)
})

test('Retry-After is read as seconds or as a date', () => {
  assert.equal(retryAfterMs('2'), 2000)
  assert.equal(retryAfterMs(new Date(0).toUTCString()), 0)
  assert.ok((retryAfterMs(new Date(Date.now() + 60_000).toUTCString()) ?? 0) > 50_000)
  assert.equal(retryAfterMs('soon'), null)
  assert.equal(retryAfterMs(undefined), null)
})

test('a body that breaks off is resumed where it ended, if the file is still the same', async (t) => {
  const ranges: (string | undefined)[][] = []
  const url = await serve(t, (message, response) => {
    ranges.push([header(message, 'range'), header(message, 'if-range')])
    if (ranges.length === 1)
      return breakOff(response, { 'content-length': String(BODY.length), etag: '"v1"' }, HALF)
    response.writeHead(206, {
      'content-range': `bytes ${HALF.length}-${BODY.length - 1}/${BODY.length}`,
      'content-length': BODY.length - HALF.length,
    })
    response.end(BODY.slice(HALF.length))
  })
  const progress: number[] = []
  const o = request(t, { source: fromUrl(url), onProgress: (done) => progress.push(done) })
  assert.equal((await fetchFixed(o)).hash, sri(BODY))
  assert.deepEqual(ranges, [
    [undefined, undefined],
    [`bytes=${HALF.length}-`, '"v1"'],
  ])
  assert.deepEqual(
    progress,
    progress.toSorted((a, b) => a - b),
    'progress never goes back',
  )
})

test('a server that ignores Range is read from the start', async (t) => {
  let asked = 0
  const url = await serve(t, (_, response) => {
    if (++asked === 1)
      return breakOff(response, { 'content-length': String(BODY.length), etag: '"v1"' }, HALF)
    response.writeHead(200, { etag: '"v2"' }).end(BODY)
  })
  assert.equal((await fetchFixed(request(t, { source: fromUrl(url) }))).hash, sri(BODY))
  assert.equal(asked, 2)
})

test('without a validator and a hash to verify by nothing is resumed', async (t) => {
  const ranges: (string | undefined)[] = []
  const url = await serve(t, (message, response) => {
    ranges.push(header(message, 'range'))
    if (ranges.length === 1) return breakOff(response, { 'content-length': String(BODY.length) }, HALF)
    response.end(BODY)
  })
  assert.equal((await fetchFixed(request(t, { source: fromUrl(url) }))).hash, sri(BODY))
  assert.deepEqual(ranges, [undefined, undefined])
})

test('a body that always breaks off at the same place is given up', async (t) => {
  let asked = 0
  const url = await serve(t, (_, response) => {
    asked++
    breakOff(response, { 'content-length': String(BODY.length) }, HALF)
  })
  assert.equal(await codeOf(request(t, { source: fromUrl(url), expected: sri(BODY) })), 'TN4955')
  assert.equal(asked, 3)
})

test('each try that brings more bytes renews the patience', async (t) => {
  const piece = 1000
  const url = await serve(t, (message, response) => {
    const from = Number(/^bytes=(\d+)-/.exec(header(message, 'range') ?? '')?.[1] ?? 0)
    const headers = {
      status: from === 0 ? '200' : '206',
      etag: '"v1"',
      'content-length': String(BODY.length - from),
      ...(from === 0 ? {} : { 'content-range': `bytes ${from}-${BODY.length - 1}/${BODY.length}` }),
    }
    if (from + piece < BODY.length) return breakOff(response, headers, BODY.slice(from, from + piece))
    response.writeHead(Number(headers.status), headers).end(BODY.slice(from))
  })
  await fetchFixed(request(t, { source: fromUrl(url), expected: sri(BODY) }))
})

test('what an earlier process left is continued', async (t) => {
  const ranges: (string | undefined)[] = []
  const url = await serve(t, (message, response) => {
    ranges.push(header(message, 'range'))
    if (ranges.length === 1)
      return breakOff(response, { 'content-length': String(BODY.length), etag: '"v1"' }, HALF)
    if (header(message, 'range') === undefined) return response.end(BODY)
    response.writeHead(206, { 'content-range': `bytes ${HALF.length}-${BODY.length - 1}/${BODY.length}` })
    response.end(BODY.slice(HALF.length))
  })
  const o = request(t, { source: fromUrl(url), expected: sri(BODY), patience: { attempts: 1 } })
  assert.equal(await codeOf(o), 'TN4955')
  assert.deepEqual(readdirSync(join(o.home, 'cache', 'downloads')).length, 2)
  await fetchFixed(o)
  assert.deepEqual(ranges, [undefined, `bytes=${HALF.length}-`])
  assert.deepEqual(readdirSync(join(o.home, 'cache', 'downloads')), [])
})

test('rests of other content are thrown away and the whole is fetched', async (t) => {
  const url = await serve(t, (message, response) => {
    if (header(message, 'range') === undefined) return response.end(BODY)
    response
      .writeHead(206, { 'content-range': `bytes 4-${BODY.length - 1}/${BODY.length}` })
      .end(BODY.slice(4))
  })
  const o = request(t, { source: fromUrl(`${url}/`), expected: sri(BODY) })
  leavePart(o, `${url}/`, 'xxxx')
  await fetchFixed(o)
})

test('rests that are longer than the file (416) are thrown away', async (t) => {
  const url = await serve(t, (message, response) =>
    header(message, 'range') === undefined ? response.end(BODY) : response.writeHead(416).end(),
  )
  const o = request(t, { source: fromUrl(`${url}/`), expected: sri(BODY) })
  leavePart(o, `${url}/`, `${BODY}more`)
  await fetchFixed(o)
})

test('rests that another process is working on are left alone', async (t) => {
  const url = await serve(t, (_, response) => response.end(BODY))
  const o = request(t, { source: fromUrl(`${url}/`), expected: sri(BODY) })
  const part = leavePart(o, `${url}/`, 'xxxx')
  writeFileSync(
    part.replace(/part$/, 'lock'),
    JSON.stringify({ pid: 1, startedAt: '0', machine: 'elsewhere' }),
  )
  const { file } = await fetchFixed(o)
  assert.equal(readFileSync(file, 'utf8'), BODY)
  assert.equal(readFileSync(part, 'utf8'), 'xxxx')
  assert.deepEqual(readdirSync(o.scratch).length, 1)
})

function leavePart(o: FetchRequest, url: string, content: string): string {
  const directory = join(o.home, 'cache', 'downloads')
  mkdirSync(directory, { recursive: true })
  const part = join(directory, `${digestOf(url)}.part`)
  writeFileSync(part, content)
  return part
}

test('a connection that falls silent is given up and tried again', async (t) => {
  let asked = 0
  const url = await serve(t, (_, response) => {
    if (++asked === 3) return response.end(BODY)
    if (asked === 2) response.writeHead(200, { 'content-length': BODY.length }).write(HALF)
  })
  const patience = { stallMs: 100 }
  await fetchFixed(request(t, { source: fromUrl(url), expected: sri(BODY), patience }))
  assert.equal(asked, 3)
  const silent = await serve(t, () => undefined)
  const o = request(t, { source: fromUrl(silent), patience: { ...patience, attempts: 2 } })
  assert.equal(await codeOf(o), 'TN4954')
})

test('a slow body that keeps coming is not silent', async (t) => {
  const url = await serve(t, (_, response) => {
    let sent = 0
    const timer = setInterval(() => {
      if (sent === 10) {
        clearInterval(timer)
        return response.end()
      }
      response.write(BODY.slice(sent * 2000, ++sent * 2000))
    }, 60)
  })
  const o = request(t, { source: fromUrl(url), expected: sri(BODY), patience: { attempts: 1, stallMs: 500 } })
  await fetchFixed(o)
})

test('cancelling ends the transfer with the reason, keeps what came and leaves the scratch empty', async (t) => {
  const controller = new AbortController()
  const url = await serve(t, (_, response) => {
    response.writeHead(200, { 'content-length': BODY.length }).write(HALF)
  })
  const reason = new Error('interrupted')
  const o = request(t, {
    source: fromUrl(url),
    expected: sri(BODY),
    signal: controller.signal,
    onProgress: (done) => done > 0 && controller.abort(reason),
  })
  await assert.rejects(fetchFixed(o), reason)
  assert.deepEqual(readdirSync(o.scratch), [])
  assert.deepEqual(
    readdirSync(join(o.home, 'cache', 'downloads')).map((name) => name.replace(/^.*\./, '.')),
    ['.part'],
  )
})

test('cancelling ends a pause between tries', async (t) => {
  const controller = new AbortController()
  const url = await serve(t, (_, response) => response.writeHead(503, { 'retry-after': '30' }).end())
  const reason = new Error('interrupted')
  const { signal } = controller
  const o = request(t, { source: fromUrl(url), signal, onNote: () => controller.abort(reason) })
  await assert.rejects(fetchFixed(o), reason)
})
