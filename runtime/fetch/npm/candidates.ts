// candidates.ts — the places of one npm package: mirrors of its usual URL, then what the registry's metadata names.
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import type { Environment } from '../http/connection.ts'
import type { Patience } from '../http/retry.ts'
import { type Integrity, sriOf } from '../integrity.ts'
import { mirrored, type Mirror, placeOf } from '../mirror.ts'
import type { Candidate } from '../request.ts'
import { packageVersion } from './metadata.ts'
import { type NpmConfig, npmConfig } from './npmrc.ts'

export interface NpmRequest {
  readonly name: string
  readonly version: string
  readonly expected: Integrity | null
  readonly mirrors: readonly Mirror[]
  readonly offline: boolean
  readonly projectRoot: string
  readonly env: Environment
  readonly patience: Patience
  readonly signal: AbortSignal
  readonly onNote?: (line: string) => void
}

/** @throws CodedError TN4030 and TN4031 for a name or version that is none, TN4034, and those of `packageVersion`. */
export async function* npmCandidates(o: NpmRequest): AsyncGenerator<Candidate> {
  checkName(o)
  const config = npmConfig(o.projectRoot, o.env)
  const usual = usualTarball(o, config)
  const common = { authorization: config.authorization, tls: config.tls, env: config.env }
  const standIns = (url: string, promised: Integrity | null): Candidate[] =>
    mirrored(url, o.mirrors).map((place) => ({ ...common, promised, place, isOrigin: false }))
  // With a hash at hand a mirror needs no word of the registry.
  const early = o.expected !== null || o.offline
  if (early) yield* standIns(usual, null)
  if (o.offline) return yield { ...common, promised: null, place: placeOf(usual), isOrigin: true }
  const { tarball, integrity } = await packageVersion({ ...o, config })
  if (o.expected !== null && integrity !== null) refuseOther(o, o.expected, integrity)
  if (!early || tarball !== usual) yield* standIns(tarball, integrity)
  yield { ...common, promised: integrity, place: placeOf(tarball), isOrigin: true }
}

function checkName(o: NpmRequest): void {
  if (!/^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i.test(o.name))
    throw new CodedError('TN4030', `${JSON.stringify(o.name)} is not the name of an npm package`, {
      hint: 'Write it as in package.json: left-pad or @scope/name.',
    })
  if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(o.version))
    throw new CodedError('TN4031', `${JSON.stringify(o.version)} is not an exact version of ${o.name}`, {
      hint: `A build needs one version, such as 1.2.3; \`npm view ${o.name} version\` prints the latest.`,
    })
}

/** Where registries keep tarballs unless their metadata says otherwise; known without asking. */
function usualTarball(o: NpmRequest, config: NpmConfig): string {
  const file = `${o.name.slice(o.name.indexOf('/') + 1)}-${o.version}.tgz`
  return `${config.registryOf(o.name)}${o.name}/-/${file}`
}

function refuseOther(o: NpmRequest, expected: Integrity, promised: Integrity): void {
  if (expected.algorithm !== promised.algorithm) return // the bytes will tell
  if (promised.digests.some((digest) => expected.digests.includes(digest))) return
  const show = (integrity: Integrity) =>
    integrity.digests.map((digest) => sriOf(integrity.algorithm, digest)).join(' ')
  throw new CodedError(
    'TN4034',
    `the registry names another hash for ${o.name}@${o.version} than tenon.lock or the step`,
    {
      hint: 'A published version never changes: find out which of the two is right, then run `tenon update`.',
      details: [`expected ${show(expected)}`, `registry ${show(promised)}`],
    },
  )
}
