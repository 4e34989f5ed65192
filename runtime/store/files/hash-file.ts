// hash-file.ts — one pass over a file's bytes: digest, and a look at each stretch. Knows not what is looked for.
import { closeSync, openSync, readSync } from 'node:fs'
import { type Digest, digestOf, digester } from '../../../dsl/plan/digest.ts'

const CHUNK_BYTES = 1 << 20
/** Bytes that two neighbouring windows share: a text one byte longer always lies whole in exactly one window. */
const OVERLAP_BYTES = 31

const buffer = Buffer.allocUnsafeSlow(OVERLAP_BYTES + CHUNK_BYTES) // reading is synchronous: one serves all

/** `window` is valid during the call only; `offset` is where it begins in the file. */
export type Look = (window: Buffer, offset: number) => void

export function hashFile(path: Buffer, look?: Look): { readonly digest: Digest; readonly sizeBytes: number } {
  const file = openSync(path, 'r')
  try {
    return hashOpen(file, look)
  } finally {
    closeSync(file)
  }
}

function hashOpen(file: number, look: Look | undefined): { digest: Digest; sizeBytes: number } {
  const first = fill(file)
  const content = buffer.subarray(OVERLAP_BYTES, OVERLAP_BYTES + first)
  look?.(content, 0)
  if (first < CHUNK_BYTES) return { digest: digestOf(content), sizeBytes: first }
  const hash = digester()
  hash.update(content)
  let sizeBytes = first
  for (let end = buffer.length; end === buffer.length;) {
    buffer.copy(buffer, 0, end - OVERLAP_BYTES, end)
    const read = fill(file)
    end = OVERLAP_BYTES + read
    hash.update(buffer.subarray(OVERLAP_BYTES, end))
    look?.(buffer.subarray(0, end), sizeBytes - OVERLAP_BYTES)
    sizeBytes += read
  }
  return { digest: hash.digest(), sizeBytes }
}

/** Reads a whole chunk behind the overlap, less at the end of the file only. */
function fill(file: number): number {
  let filled = 0
  while (filled < CHUNK_BYTES) {
    const read = readSync(file, buffer, OVERLAP_BYTES + filled, CHUNK_BYTES - filled, null)
    if (read === 0) break
    filled += read
  }
  return filled
}
