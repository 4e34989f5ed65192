// get.ts — one GET: redirects, status, silence. Gives the body as the server sent it; stores and retries nothing.
// node:http and not fetch(): fetch decodes a Content-Encoding that the server sets unasked, which alters the bytes of an archive.
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { TransferFailure } from '../failure.ts'
import { showPlace } from '../mirror.ts'
import { type Connection, connectionFailure } from './connection.ts'

const REDIRECTS = 10

export interface Get {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** Asked anew for each redirect, so that credentials go to no other host. */
  readonly authorization: (url: URL) => string | undefined
  readonly connection: Connection
  readonly stallMs: number
  readonly signal: AbortSignal
}
/** `body` throws TransferFailure when it stalls or breaks off, the signal's reason when cancelled. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly url: URL // after redirects
  readonly body: AsyncIterable<Uint8Array>
  /** Drops the rest of the body. */
  close(): void
}

/** An answer 200 or 206, or 416. @throws TransferFailure for everything else; the signal's reason when cancelled. */
export async function get(o: Get): Promise<Answer> {
  let url = o.url
  for (let hop = 0; hop <= REDIRECTS; hop++) {
    const { response, watch } = await send(o, url)
    const status = response.statusCode ?? 0
    if (status === 200 || status === 206 || status === 416) return answer(o, url, response, watch)
    watch.stop()
    response.destroy()
    if (![301, 302, 303, 307, 308].includes(status)) throw statusFailure(status, response, url)
    url = redirected(url, response.headers.location)
  }
  throw new TransferFailure(
    'redirect',
    `${showPlace({ kind: 'web', url: o.url })} redirects more than ${REDIRECTS} times`,
  )
}

function redirected(from: URL, location: string | undefined): URL {
  const shown = showPlace({ kind: 'web', url: from }, 'hidden')
  const url = location !== undefined && URL.canParse(location, from.href) ? new URL(location, from) : null
  if (url === null) throw new TransferFailure('redirect', `${shown} redirects to nowhere`)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new TransferFailure('redirect', `${shown} redirects to a ${url.protocol} URL`)
  if (from.protocol === 'https:' && url.protocol === 'http:')
    throw new TransferFailure('redirect', `${shown} redirects from https to http at ${url.host}`)
  return url
}

function statusFailure(status: number, response: IncomingMessage, url: URL): TransferFailure {
  const fact =
    `${showPlace({ kind: 'web', url }, 'hidden')} answers ${status} ${response.statusMessage ?? ''}`.trimEnd()
  if (status === 404 || status === 410) return new TransferFailure('not-found', fact)
  if (status === 407) return new TransferFailure('proxy', fact)
  if (status === 401 || status === 403) return new TransferFailure('denied', fact)
  if (status === 408 || status === 429 || status >= 500)
    return new TransferFailure('unavailable', fact, {
      retriable: status !== 501 && status !== 505,
      retryAfterMs: retryAfterMs(response.headers['retry-after']),
    })
  return new TransferFailure('status', fact)
}

/** Retry-After holds seconds or a date (RFC 9110 section 10.2.3). */
export function retryAfterMs(value: string | undefined): number | null {
  if (value === undefined) return null
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isNaN(ms) ? null : Math.max(0, ms)
}

/** Aborts after `stallMs` without a sign of life, or with the caller's signal. */
class Watch {
  readonly #abort = new AbortController()
  readonly #timer: NodeJS.Timeout
  readonly #caller: AbortSignal
  readonly #onCancel = () => this.#abort.abort()
  constructor(o: Get) {
    this.#caller = o.signal
    this.#timer = setTimeout(this.#onCancel, o.stallMs)
    o.signal.addEventListener('abort', this.#onCancel)
    if (o.signal.aborted) this.#onCancel()
  }
  get signal(): AbortSignal {
    return this.#abort.signal
  }
  touch(): void {
    this.#timer.refresh()
  }
  stop(): void {
    clearTimeout(this.#timer)
    this.#caller.removeEventListener('abort', this.#onCancel)
  }
  /** What an error means, now that it is known who ended the connection. */
  failure(o: Get, url: URL, error: unknown): unknown {
    this.stop()
    if (o.signal.aborted) return o.signal.reason
    if (!this.signal.aborted) return connectionFailure(error, url, o.connection.env)
    const fact = `${url.host} sent nothing for ${o.stallMs / 1000} s`
    return new TransferFailure('stalled', fact, { retriable: true, cause: error })
  }
}

function send(o: Get, url: URL): Promise<{ response: IncomingMessage; watch: Watch }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ response: IncomingMessage; watch: Watch }>()
  const authorization = o.authorization(url)
  const headers = {
    'user-agent': 'tenon',
    ...o.headers,
    ...(authorization === undefined ? {} : { authorization }),
  }
  const watch = new Watch(o)
  const [request, agent] =
    url.protocol === 'https:' ? [httpsRequest, o.connection.https] : [httpRequest, o.connection.http]
  let sent: ClientRequest
  try {
    sent = request(url, { agent, headers, signal: watch.signal })
  } catch (error) {
    watch.stop() // such as a character that no header may hold
    throw connectionFailure(error, url, o.connection.env)
  }
  sent.on('error', (error) => reject(watch.failure(o, url, error)))
  sent.on('response', (response) => {
    watch.touch()
    // An error that nobody iterates for any more (a body dropped half way) is no error.
    response.on('error', () => undefined)
    resolve({ response, watch })
  })
  sent.end()
  return promise
}

function answer(o: Get, url: URL, response: IncomingMessage, watch: Watch): Answer {
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of response) {
        watch.touch()
        yield chunk as Buffer // no encoding is set, so the stream gives buffers
      }
    } catch (error) {
      throw watch.failure(o, url, error)
    } finally {
      watch.stop()
    }
  }
  const close = () => {
    watch.stop()
    response.destroy()
  }
  return { status: response.statusCode ?? 0, headers: response.headers, url, body: body(), close }
}
