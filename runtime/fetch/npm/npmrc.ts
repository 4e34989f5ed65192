// npmrc.ts — the part of npm's configuration that fetching a package needs: registry, credentials, TLS, proxy.
// A reader of our own: @npmcli/config with npm-registry-fetch is 66 packages, 12 MB and 100 ms of loading for these few keys.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import type { Environment, TlsOptions } from '../http/connection.ts'

export interface NpmConfig {
  /** Ends in `/`. */
  readonly registryOf: (packageName: string) => string
  /** The Authorization header for a URL, when the configuration holds credentials for its host and path. */
  readonly authorization: (url: URL) => string | undefined
  readonly tls: TlsOptions
  /** The environment with the proxies of the npm configuration where it names none itself. */
  readonly env: Environment
}
type Settings = ReadonlyMap<string, string>

/**
 * As npm reads it: environment over project over user over global. Read anew on each call.
 * @throws CodedError TN4035 for a registry that is no URL or a cafile that can't be read.
 */
export function npmConfig(projectRoot: string, env: Environment): NpmConfig {
  const fromEnvironment = environmentSettings(env)
  const project = readNpmrc(join(projectRoot, '.npmrc'), env)
  const user = readNpmrc(fromEnvironment.get('userconfig') ?? join(env.HOME ?? homedir(), '.npmrc'), env)
  const layers = [
    fromEnvironment,
    project,
    user,
    ...globalFiles(fromEnvironment, env).map((file) => readNpmrc(file, env)),
  ]
  const setting = (key: string) => layers.find((layer) => layer.has(key))?.get(key)
  return {
    registryOf(name) {
      const scope = name.startsWith('@') ? setting(`${name.slice(0, name.indexOf('/'))}:registry`) : undefined
      const registry = scope ?? setting('registry') ?? npmsOwnRegistry()
      if (!/^https?:\/\//.test(registry) || !URL.canParse(registry))
        throw badConfig(`the registry ${JSON.stringify(registry)} is not an http(s) URL`)
      return registry.endsWith('/') ? registry : `${registry}/`
    },
    authorization: (url) => authorizationFor(url, setting),
    tls: tlsOptions(setting),
    env: withProxies(env, setting),
  }
}

/** The one that npm uses when nobody configures any. Asked once: it takes a process. */
function npmsOwnRegistry(): string {
  try {
    return (ownRegistry ??= execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim())
  } catch (cause) {
    throw badConfig('no registry is configured, and npm is not here to say which it uses by itself', cause)
  }
}
let ownRegistry: string | undefined

/** `npm_config_<key>`: dashes are written as underscores, case does not count; keys of hosts and scopes stand as they are. */
function environmentSettings(env: Environment): Settings {
  const settings = new Map<string, string>()
  for (const [name, value] of Object.entries(env)) {
    const key = /^npm_config_(.+)$/i.exec(name)?.[1]
    if (key === undefined || value === undefined || value === '') continue
    settings.set(/^(\/\/|@)/.test(key) ? key : key.toLowerCase().replaceAll('_', '-'), value)
  }
  return settings
}

/** Where a global npmrc may be: named, else below the prefix of the npm and the node in use, and Debian's place. */
function globalFiles(fromEnvironment: Settings, env: Environment): string[] {
  const named = fromEnvironment.get('globalconfig')
  if (named !== undefined) return [named]
  const prefix = fromEnvironment.get('prefix') ?? env.PREFIX
  const directories = (env.PATH ?? '').split(delimiter).filter((directory) => directory.endsWith('/bin'))
  const prefixes =
    prefix === undefined
      ? [dirname(dirname(process.execPath)), ...directories.map((bin) => dirname(bin))]
      : [prefix]
  return [...new Set([...prefixes.map((one) => join(one, 'etc', 'npmrc')), '/etc/npmrc'])]
}

function readNpmrc(file: string, env: Environment): Settings {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return new Map() // not there, or not for us to read: npm goes on without it too
  }
  const settings = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*([^;#\s=[][^=]*?)\s*=\s*(.*?)\s*$/.exec(line)
    if (match?.[1] === undefined || match[2] === undefined) continue
    settings.set(interpolate(match[1], env), interpolate(unquote(match[2]), env))
  }
  return settings
}

/** The ini format's quotes; an unquoted value ends where a comment begins. */
function unquote(value: string): string {
  const quoted = /^(["'])(.*)\1$/.exec(value)?.[2]
  return quoted ?? value.replace(/\s+[;#].*$/, '')
}

/** `${NAME}`; `${NAME?}` is empty when it is not set. As in npm, another unset name stays as it stands. */
function interpolate(value: string, env: Environment): string {
  return value.replace(/(?<!\\)\$\{([^${}?]+)(\?)?\}/g, (whole, name: string, optional?: string) => {
    return env[name] ?? (optional === undefined ? whole : '')
  })
}

type Lookup = (key: string) => string | undefined

/** Keys are `//host/path/:_authToken`: the longest path that the URL is below counts (npm's "nerf dart"). */
function authorizationFor(url: URL, setting: Lookup): string | undefined {
  for (let key = `//${url.host}${url.pathname}`; key.length > 2; key = key.replace(/([^/]+|\/)$/, '')) {
    const token = usable(setting(`${key}:_authToken`))
    if (token !== undefined) return `Bearer ${token}`
    const basic = usable(setting(`${key}:_auth`))
    if (basic !== undefined) return `Basic ${basic}`
    const user = usable(setting(`${key}:username`))
    const password = usable(setting(`${key}:_password`))
    if (user !== undefined && password !== undefined)
      return `Basic ${Buffer.from(`${user}:${Buffer.from(password, 'base64').toString()}`).toString('base64')}`
  }
  return undefined
}

/** A credential whose variable is not set is none. */
function usable(value: string | undefined): string | undefined {
  return value === undefined || value === '' || value.includes('${') ? undefined : value
}

function tlsOptions(setting: Lookup): TlsOptions {
  const file = setting('cafile')
  const text = file === undefined ? setting('ca')?.replaceAll('\\n', '\n') : readCertificates(file)
  return {
    ...(text === undefined || text === '' || text === 'null' ? {} : { ca: text }),
    ...(setting('strict-ssl') === 'false' ? { rejectUnauthorized: false } : {}),
  }
}

function readCertificates(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw badConfig(`its cafile ${file} cannot be read`, error)
  }
}

function badConfig(why: string, cause?: unknown): CodedError {
  return new CodedError('TN4035', `the npm configuration cannot be used: ${why}`, {
    hint: 'See `npm config list`; the values come from npm_config_ variables and the .npmrc files of project, user and machine.',
    cause,
  })
}

function withProxies(env: Environment, setting: Lookup): Environment {
  const https = env.https_proxy ?? env.HTTPS_PROXY ?? proxy(setting('https-proxy')) ?? proxy(setting('proxy'))
  const http = env.http_proxy ?? env.HTTP_PROXY ?? proxy(setting('proxy'))
  const none = env.no_proxy ?? env.NO_PROXY ?? setting('noproxy')
  return {
    ...(https === undefined ? {} : { https_proxy: https }),
    ...(http === undefined ? {} : { http_proxy: http }),
    ...(none === undefined ? {} : { no_proxy: none }),
  }
}

/** npm writes "no proxy" as `null` or `false`. */
function proxy(value: string | undefined): string | undefined {
  return value === undefined || ['', 'null', 'false'].includes(value) ? undefined : value
}
