// file-digest.ts — SHA-256 of machine files, remembered for as long as their size, time and inode stay.
import { createHash } from 'node:crypto'
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { digestOf } from '../../../dsl/plan/digest.ts'
import { replaceFile } from '../replace-file.ts'

/** What changes when a file does. */
export function fileStamp(file: string): string {
  const { size, mtimeMs, ino, ctimeMs } = statSync(file)
  return [size, mtimeMs, ctimeMs, ino].join(' ')
}

export function fileDigest(cache: string, file: string): string {
  const memory = join(cache, 'digests', digestOf(file))
  const stamp = fileStamp(file)
  try {
    const [known, digest = ''] = readFileSync(memory, 'utf8').split('\n')
    if (known === stamp && /^[0-9a-f]{64}$/.test(digest)) return digest
  } catch {
    // not remembered
  }
  const digest = hashFile(file)
  replaceFile(memory, `${stamp}\n${digest}\n`)
  return digest
}

function hashFile(file: string): string {
  const descriptor = openSync(file, 'r')
  try {
    const hash = createHash('sha256')
    const buffer = Buffer.alloc(1 << 20)
    for (let length: number; (length = readSync(descriptor, buffer)) > 0;)
      hash.update(buffer.subarray(0, length))
    return hash.digest('hex')
  } finally {
    closeSync(descriptor)
  }
}
