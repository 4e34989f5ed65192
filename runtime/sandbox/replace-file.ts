// replace-file.ts — a small file that appears at once or not at all.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

let count = 0

export function replaceFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  const part = `${file}.${process.pid}-${count++}`
  writeFileSync(part, text)
  renameSync(part, file)
}
