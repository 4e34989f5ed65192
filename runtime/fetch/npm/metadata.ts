// metadata.ts — what a registry says of one version of a package: where its tarball is and which hash it has.
import { gunzipSync } from 'node:zlib'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { fetchError, TransferFailure } from '../failure.ts'
import { connect } from '../http/connection.ts'
import { get } from '../http/get.ts'
import { type Patience, retrying } from '../http/retry.ts'
import { type Integrity, parseIntegrity } from '../integrity.ts'
import type { NpmConfig } from './npmrc.ts'

export interface PackageQuery {
  readonly name: string
  readonly version: string
  readonly config: NpmConfig
  readonly patience: Patience
  readonly signal: AbortSignal
  readonly onNote?: (line: string) => void
}
export interface PackageVersion {
  readonly tarball: string
  readonly integrity: Integrity | null // null: published before registries kept one
}

/** @throws CodedError TN4032 for an unknown package or version, TN4033 for an answer that is none, and those of a failed transfer. */
export async function packageVersion(o: PackageQuery): Promise<PackageVersion> {
  const registry = o.config.registryOf(o.name)
  const packument = await askRegistry(o, registry)
  const versions = member(packument, 'versions')
  if (versions === undefined) throw notMetadata(o, registry)
  const entry = member(versions, o.version)
  if (entry === undefined) throw unknownVersion(o, registry, packument)
  const dist = member(entry, 'dist')
  const tarball = member(dist, 'tarball')
  const integrity = member(dist, 'integrity')
  if (typeof tarball !== 'string' || !URL.canParse(tarball)) throw notMetadata(o, registry)
  return {
    tarball: onRegistry(tarball, registry, o.name),
    integrity:
      typeof integrity === 'string' && /sha(256|384|512)-/.test(integrity) ? parseIntegrity(integrity) : null,
  }
}

/** The abbreviated packument: the one document that every registry has (npm's own request). */
async function askRegistry(o: PackageQuery, registry: string): Promise<unknown> {
  const url = new URL(o.name.replace('/', '%2f'), registry)
  const connection = connect(o.config.env, o.config.tls)
  try {
    const text = await retrying({ ...o, reached: () => 0, onNote: o.onNote ?? (() => undefined) }, () =>
      readText(o, url, connection),
    )
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) throw notMetadata(o, registry, error)
    if (!(error instanceof TransferFailure)) throw error
    if (error.kind !== 'not-found') throw fetchError([{ failure: error, isOrigin: true }])
    throw new CodedError('TN4032', `the registry ${registry} has no package ${o.name}`, {
      hint: 'Check the name. A private package needs its registry and token in .npmrc.',
      cause: error,
    })
  } finally {
    connection.http.destroy()
    connection.https.destroy()
  }
}

async function readText(o: PackageQuery, url: URL, connection: ReturnType<typeof connect>): Promise<string> {
  const accept = 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8'
  const headers = { accept, 'accept-encoding': 'gzip' }
  const answer = await get({
    url,
    headers,
    authorization: o.config.authorization,
    connection,
    stallMs: o.patience.stallMs,
    signal: o.signal,
  })
  const chunks: Uint8Array[] = []
  for await (const chunk of answer.body) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  return (answer.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString()
}

/**
 * A mirror of another registry often hands out that one's tarball URLs. A tarball that lies where registries have them, below the
 * package's name, is read from the configured registry; any other place is the registry's own word.
 */
function onRegistry(tarball: string, registry: string, name: string): string {
  const { pathname } = new URL(tarball)
  const at = pathname.indexOf(`/${name}/-/`)
  return at === -1 ? tarball : new URL(pathname.slice(at + 1), registry).href
}

function unknownVersion(o: PackageQuery, registry: string, packument: unknown): CodedError {
  const versions = Object.keys(Object(member(packument, 'versions')))
  const latest = member(member(packument, 'dist-tags'), 'latest')
  return new CodedError('TN4032', `the registry ${registry} has no version ${o.version} of ${o.name}`, {
    hint: typeof latest === 'string' ? `Its latest version is ${latest}.` : 'Check the version.',
    details: versions.length === 0 ? [] : [`its last versions: ${versions.slice(-8).join(', ')}`],
  })
}

function notMetadata(o: PackageQuery, registry: string, cause?: unknown): CodedError {
  return new CodedError(
    'TN4033',
    `what ${registry} answers for ${o.name} is not the metadata of an npm package`,
    {
      hint: 'Check that the registry in the npm configuration is one (`npm config get registry`), not a login page or a web site.',
      cause,
    },
  )
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return (value as Readonly<Record<string, unknown>>)[key] // an object with this own key
}
