// loopback.ts — real servers on loopback and a fetch request in temporary directories, for the tests of fetching.
import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { FetchRequest } from '../../../runtime/fetch/request.ts'
import { CERTIFICATE, KEY } from './localhost-certificate.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

export function temporary(): string {
  return temporaryFolder('fetch')
}

async function listening(t: TestContext, server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port // a TCP server has an address of this kind
}

/** Gives the URL of the server, without a slash at the end. */
export async function serve(t: TestContext, answer: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listening(t, createServer(answer))}`
}
export async function serveTls(t: TestContext, answer: RequestListener): Promise<string> {
  return `https://localhost:${await listening(t, createTlsServer({ cert: CERTIFICATE, key: KEY }, answer))}`
}

/** A proxy for absolute-form requests and CONNECT; `seen` gets one line a request. */
export async function serveProxy(
  t: TestContext,
  seen: string[],
  o: { refuse?: number } = {},
): Promise<string> {
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    response.end('through the proxy')
  })
  server.on('connect', (request, socket) => {
    seen.push(`CONNECT ${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trimEnd())
    if (o.refuse !== undefined) return socket.end(`HTTP/1.1 ${o.refuse} No\r\n\r\n`)
    const upstream = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n')
      upstream.pipe(socket).pipe(upstream)
    })
    upstream.on('error', () => socket.destroy())
    socket.on('error', () => upstream.destroy())
  })
  return `http://127.0.0.1:${await listening(t, server)}`
}

export function sri(content: string | Uint8Array, algorithm = 'sha256'): string {
  return `${algorithm}-${createHash(algorithm).update(content).digest('base64')}`
}

/** A request with fresh directories, no proxy, little patience. */
export function request(
  t: TestContext,
  o: Partial<FetchRequest> & Pick<FetchRequest, 'source'>,
): FetchRequest {
  const directory = temporary()
  const made: FetchRequest = {
    expected: null,
    mirrors: [],
    offline: false,
    home: join(directory, 'home'),
    projectRoot: join(directory, 'project'),
    scratch: join(directory, 'scratch'),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    env: { HOME: join(directory, 'project') },
    ...o,
    patience: { attempts: 3, firstPauseMs: 1, ...o.patience },
  }
  for (const one of [made.home, made.projectRoot, made.scratch]) mkdirSync(one, { recursive: true })
  return made
}

export function fromUrl(url: string, ...mirrors: string[]): FetchRequest['source'] {
  return { kind: 'url', url, mirrors }
}

/** Says how many bytes will come, sends some of them and hangs up. */
export function breakOff(response: ServerResponse, headers: Record<string, string>, sent: string): void {
  response.writeHead(Number(headers.status ?? 200), headers)
  response.write(sent, () => setImmediate(() => response.destroy()))
}

export function header(message: IncomingMessage, name: string): string | undefined {
  const value = message.headers[name]
  return typeof value === 'string' ? value : undefined
}
