// part.ts — the bytes of a download that are here so far, with their running digests. Survives the process; knows no HTTP.
import { createHash, type Hash } from 'node:crypto'
import {
  closeSync,
  copyFileSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { digestOf } from '../../../dsl/plan/digest.ts'
import { type FileLock, tryLock } from '../file-lock.ts'
import type { Algorithm } from '../integrity.ts'

export interface PartOptions {
  readonly home: string
  readonly scratch: string
  readonly url: string
  readonly algorithms: readonly Algorithm[]
  /** Go on from what an earlier process left; only right when the whole is verified afterwards. */
  readonly continueEarlier: boolean
}

/** An open partial download: `finish`, `discard` or `keep` ends it. */
export class Part {
  readonly #file: string
  readonly #validatorFile: string
  readonly #descriptor: number
  readonly #lock: FileLock | null
  readonly #algorithms: readonly Algorithm[]
  #hashes: Map<Algorithm, Hash>
  #sizeBytes = 0
  #validator: string | null
  /** Its first bytes came from an earlier process. */
  readonly beganEarlier: boolean

  /** In the cache; in the scratch while another process works on the same URL there. */
  constructor(o: PartOptions) {
    const directory = join(o.home, 'cache', 'downloads')
    const shared = join(directory, digestOf(o.url))
    try {
      mkdirSync(directory, { recursive: true })
      this.#lock = tryLock(`${shared}.lock`)
      this.#file = this.#lock === null ? join(o.scratch, `.${digestOf(o.url)}.part`) : `${shared}.part`
      this.#descriptor = openSync(this.#file, 'a+')
    } catch (error) {
      throw unwritable(directory, error)
    }
    this.#validatorFile = `${this.#file}.validator`
    this.#algorithms = o.algorithms
    this.#hashes = this.#newHashes()
    this.#validator = readValidator(this.#validatorFile)
    if (o.continueEarlier) this.#readExisting()
    this.beganEarlier = this.#sizeBytes > 0
    if (!o.continueEarlier) this.restart(null)
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }
  /** The ETag or date under which the server knows the content these bytes are of. */
  get validator(): string | null {
    return this.#validator
  }

  write(chunk: Uint8Array): void {
    try {
      for (let at = 0; at < chunk.length;) at += writeSync(this.#descriptor, chunk, at)
    } catch (error) {
      throw unwritable(this.#file, error)
    }
    for (const hash of this.#hashes.values()) hash.update(chunk)
    this.#sizeBytes += chunk.length
  }

  /** Begins again from nothing, for content that the server knows under `validator`. */
  restart(validator: string | null): void {
    ftruncateSync(this.#descriptor, 0)
    this.#sizeBytes = 0
    this.#hashes = this.#newHashes()
    this.#validator = validator
    if (validator === null) rmSync(this.#validatorFile, { force: true })
    else writeFileSync(this.#validatorFile, validator)
  }

  /** The digest of all bytes so far, in base64. */
  digest(algorithm: Algorithm): string {
    const hash = this.#hashes.get(algorithm)
    if (hash === undefined) throw new RangeError(`${algorithm} was not asked for`)
    return hash.copy().digest('base64')
  }

  finish(destination: string): void {
    closeSync(this.#descriptor)
    try {
      move(this.#file, destination)
    } catch (error) {
      throw unwritable(destination, error)
    }
    this.#remove()
  }
  discard(): void {
    closeSync(this.#descriptor)
    this.#remove()
  }
  /** Ends it for now: a later process goes on from here. */
  keep(): void {
    if (this.#sizeBytes === 0) return this.discard()
    closeSync(this.#descriptor)
    this.#lock?.release()
  }

  #remove(): void {
    rmSync(this.#file, { force: true })
    rmSync(this.#validatorFile, { force: true })
    this.#lock?.release()
  }
  #newHashes(): Map<Algorithm, Hash> {
    return new Map(this.#algorithms.map((algorithm) => [algorithm, createHash(algorithm)]))
  }
  #readExisting(): void {
    const buffer = Buffer.allocUnsafe(1 << 20)
    for (;;) {
      const count = readSync(this.#descriptor, buffer, 0, buffer.length, this.#sizeBytes)
      if (count === 0) return
      for (const hash of this.#hashes.values()) hash.update(buffer.subarray(0, count))
      this.#sizeBytes += count
    }
  }
}

function move(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error
    copyFileSync(from, to) // on another file system
  }
}

function unwritable(where: string, error: unknown): CodedError {
  const message = error instanceof Error ? error.message : String(error)
  return new CodedError('TN4011', `the download cannot be written to ${where}: ${message}`, {
    hint: 'Make room on the disk, or set TENON_HOME to a directory that can be written.',
    cause: error,
  })
}

function readValidator(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null // none was kept
  }
}
