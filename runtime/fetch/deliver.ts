// deliver.ts — one place's bytes into the scratch, verified. Which places there are is decided elsewhere.
import { createHash } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  openSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { TransferFailure } from './failure.ts'
import { connect, type Connection } from './http/connection.ts'
import { download } from './http/download.ts'
import { Part } from './http/part.ts'
import { PATIENCE } from './http/retry.ts'
import { type Algorithm, describeHash, type Integrity, sriOf } from './integrity.ts'
import { showPlace } from './mirror.ts'
import type { Candidate, Fetched, FetchRequest } from './request.ts'

/** @throws TransferFailure when this place does not give bytes of the expected hash. */
export async function deliver(
  o: FetchRequest,
  from: Candidate,
  expected: Integrity | null,
): Promise<Fetched> {
  const { place } = from
  if (place.kind === 'file') return copied(o, place.path, expected)
  const connection = connect(from.env, from.tls)
  try {
    const once = () => downloaded(o, { ...from, connection, url: place.url }, expected)
    // What an earlier process left may be of other content: a wrong hash then says nothing about the server.
    return (await once()) ?? (await once()) ?? unreachable()
  } finally {
    connection.http.destroy()
    connection.https.destroy()
  }
}

function unreachable(): never {
  throw new Error('a download from its first byte has no earlier rests')
}

/** Null: the hash was wrong, but the first bytes came from an earlier process; they are discarded now. */
async function downloaded(
  o: FetchRequest,
  from: Candidate & { readonly url: URL; readonly connection: Connection },
  expected: Integrity | null,
): Promise<Fetched | null> {
  const algorithms = [...new Set<Algorithm>(['sha256', expected?.algorithm ?? 'sha256'])]
  const verified = expected !== null
  const { home, scratch, signal, onProgress } = o
  const part = new Part({ home, scratch, url: from.url.href, algorithms, continueEarlier: verified })
  let url: URL
  try {
    const patience = { ...PATIENCE, ...o.patience }
    const onNote = o.onNote ?? (() => undefined)
    url = await download({ ...from, part, verified, patience, signal, onProgress, onNote })
  } catch (error) {
    part.keep()
    throw error
  }
  const wrong = mismatch(
    expected,
    (algorithm) => part.digest(algorithm),
    showPlace({ kind: 'web', url }, 'hidden'),
  )
  if (wrong === null) {
    const file = join(scratch, fileName(from.url.pathname))
    const hash = sriOf('sha256', part.digest('sha256'))
    part.finish(file)
    return { file, hash }
  }
  part.discard()
  if (part.beganEarlier) return null
  throw wrong
}

function copied(o: FetchRequest, path: string, expected: Integrity | null): Fetched {
  const file = join(o.scratch, fileName(path))
  try {
    if (!statSync(path).isFile()) throw new TransferFailure('not-found', `${path} is not a file`)
    copyFileSync(path, file, constants.COPYFILE_FICLONE)
    chmodSync(file, 0o644)
  } catch (error) {
    if (error instanceof TransferFailure) throw error
    const missing = isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')
    const fact = missing ? `there is no file ${path}` : `${path} cannot be copied: ${messageOf(error)}`
    throw new TransferFailure(missing ? 'not-found' : 'denied', fact, { cause: error })
  }
  const digests = digestsOf(file, o)
  const wrong = mismatch(expected, (algorithm) => digests[algorithm], path)
  if (wrong === null) return { file, hash: sriOf('sha256', digests.sha256) }
  rmSync(file)
  throw wrong
}

/** Of the copy and not of the original, which may change meanwhile. */
function digestsOf(file: string, o: FetchRequest): Readonly<Record<Algorithm, string>> {
  const hashes = { sha256: createHash('sha256'), sha384: createHash('sha384'), sha512: createHash('sha512') }
  const descriptor = openSync(file, 'r')
  try {
    const buffer = Buffer.allocUnsafe(1 << 20)
    const totalBytes = fstatSync(descriptor).size
    for (let doneBytes = 0, count = 1; count > 0; doneBytes += count) {
      o.onProgress(doneBytes, totalBytes)
      count = readSync(descriptor, buffer)
      for (const hash of Object.values(hashes)) hash.update(buffer.subarray(0, count))
    }
  } finally {
    closeSync(descriptor)
  }
  const digest = (algorithm: Algorithm) => hashes[algorithm].digest('base64')
  return { sha256: digest('sha256'), sha384: digest('sha384'), sha512: digest('sha512') }
}

function mismatch(
  expected: Integrity | null,
  digest: (algorithm: Algorithm) => string,
  where: string,
): TransferFailure | null {
  if (expected === null || expected.digests.includes(digest(expected.algorithm))) return null
  return new TransferFailure(
    'wrong-hash',
    `the file from ${where} has another hash than the one declared for it`,
    {
      details: [
        ...expected.digests.map((one) => `expected ${describeHash(expected.algorithm, one)}`),
        `got      ${describeHash(expected.algorithm, digest(expected.algorithm))}`,
        ...(expected.algorithm === 'sha256' ? [] : [`         ${describeHash('sha256', digest('sha256'))}`]),
      ],
    },
  )
}

/** The last part of a path, as a name that is safe in the scratch. */
function fileName(path: string): string {
  const name = basename(path)
    .replace(/[^A-Za-z0-9._+-]/g, '_')
    .replace(/^\.+/, '')
  return name === '' ? 'download' : name.slice(-200)
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
