// golden.ts — compares text with a file; TENON_UPDATE_GOLDEN=1 writes the file instead.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

export function matchesGolden(file: string, text: string): void {
  if (process.env.TENON_UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  assert.equal(text, readFileSync(file, 'utf8'))
}
