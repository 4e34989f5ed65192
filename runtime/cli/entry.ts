// entry.ts — where the command starts: an unchanged build is answered here, all else by main.ts, which is loaded only then.
import { writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homeDirectory } from './process/home.ts'
import { invocationOf, unchanged } from '../unchanged/snapshot.ts'

const words = process.argv.slice(2)
const found =
  words[0] === 'build' ? unchanged(homeDirectory(process.env, process.cwd()), invocationOf(words)) : undefined
if (found === undefined) createRequire(__filename)('./tenon-main.cjs')
else {
  print(2, found.stderr)
  print(1, found.stdout)
}

/** Without Node's streams, which take longer to set up than all the rest. */
function print(descriptor: number, text: string): void {
  const bytes = Buffer.from(text)
  let written = 0
  while (written < bytes.length) {
    try {
      written += writeSync(descriptor, bytes, written)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException // writeSync throws no other
      if (code === 'EAGAIN') continue // a pipe whose reader is slow
      if (code === 'EPIPE') return // its reader is gone
      throw error
    }
  }
}
