// connection.ts — agents that honour the environment's proxy settings, and the names of what goes wrong on a connection.
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { getCACertificates } from 'node:tls'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { type FailureKind, TransferFailure } from '../failure.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** TLS settings that come from the npm configuration; empty for URLs. */
export interface TlsOptions {
  readonly ca?: string // PEM, in addition to what Node trusts
  readonly rejectUnauthorized?: boolean
}
export interface Connection {
  readonly http: HttpAgent
  readonly https: HttpsAgent
  readonly env: Environment
}

const PROXY_VARIABLES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'] as const

/** @throws CodedError TN4010 for a proxy that cannot be used. */
export function connect(env: Environment, tls: TlsOptions): Connection {
  const proxyEnv = proxySettings(env)
  return {
    http: new HttpAgent({ proxyEnv }),
    https: new HttpsAgent({
      proxyEnv,
      ...tls,
      ...(tls.ca === undefined ? {} : { ca: [...getCACertificates(), tls.ca] }),
    }),
    env: proxyEnv,
  }
}

function proxySettings(env: Environment): Environment {
  const names = PROXY_VARIABLES.filter((name) => (env[name] ?? '') !== '')
  if (names.length > 0 && !nodeKnowsProxies(process.versions.node))
    throw badProxy(
      `${names.join(' and ')} names a proxy, which Node ${process.versions.node} cannot use`,
      'Use Node 24.5 (or 22.21) or newer',
    )
  const exceptions = (['no_proxy', 'NO_PROXY'] as const).filter((name) => (env[name] ?? '') !== '')
  return Object.fromEntries([
    ...names.map((name) => [name, proxyUrl(name, env[name] ?? '')]),
    ...exceptions.map((name) => [name, env[name]]),
  ])
}

/** As curl reads it: `proxy.example.org:3128` is an http proxy. Node would ignore what it does not understand. */
function proxyUrl(name: string, value: string): string {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`
  if (/^https?:/i.test(url) && URL.canParse(url)) return url
  // Not the value itself: it may hold a password.
  throw badProxy(`${name} names no http or https proxy`, 'Write it as http://host:port')
}

function badProxy(fact: string, remedy: string): CodedError {
  return new CodedError('TN4010', fact, { hint: `${remedy}, or unset the variable.` })
}

/** The `proxyEnv` option of agents came with Node 24.5 and 22.21; older ones ignore it silently. */
export function nodeKnowsProxies(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21)
}

/** ` (proxy settings: https_proxy=…)`, without secrets; empty without a proxy. */
function showProxy(env: Environment, protocol: string): string {
  const names =
    protocol === 'https:'
      ? (['https_proxy', 'HTTPS_PROXY'] as const)
      : (['http_proxy', 'HTTP_PROXY'] as const)
  const name = names.find((one) => env[one] !== undefined)
  const value = name === undefined ? undefined : env[name]
  if (name === undefined || value === undefined) return ''
  return ` (with ${name}=${URL.canParse(value) ? new URL(value).origin : 'an invalid URL'})`
}

/** What an error of node:http, node:net or node:tls means. */
export function connectionFailure(error: unknown, url: URL, env: Environment): TransferFailure {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  const message = error instanceof Error ? error.message : String(error)
  const { kind, fact, retriable } = describe(code, message, url.host)
  return new TransferFailure(kind, fact + showProxy(env, url.protocol), { retriable, cause: error })
}

const TLS_ERROR =
  /^(CERT_|ERR_TLS|ERR_SSL|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|EPROTO$)/

function describe(
  code: string,
  message: string,
  host: string,
): { kind: FailureKind; fact: string; retriable: boolean } {
  if (code.startsWith('ERR_PROXY'))
    return { kind: 'proxy', fact: `the proxy did not connect to ${host}: ${message}`, retriable: false }
  if (code === 'ENOTFOUND')
    return { kind: 'unknown-host', fact: `the host ${host} is unknown (${code})`, retriable: false }
  if (code === 'EAI_AGAIN')
    return {
      kind: 'unknown-host',
      fact: `no name server answers for the host ${host} (${code})`,
      retriable: true,
    }
  if (TLS_ERROR.test(code))
    return {
      kind: 'tls',
      fact: `no trusted TLS connection to ${host}: ${message} (${code})`,
      retriable: false,
    }
  if (['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code))
    return { kind: 'unreachable', fact: `cannot connect to ${host} (${code})`, retriable: false }
  const lost = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED'].includes(code) || code.startsWith('HPE_')
  const fact = `the connection to ${host} was lost: ${message}${code === '' ? '' : ` (${code})`}`
  return { kind: 'unreachable', fact, retriable: lost }
}
