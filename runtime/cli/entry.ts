// entry.ts — where the command starts: an unchanged build is answered here, all else by main.ts, which is loaded only then.
import { createRequire } from 'node:module'
import { homeDirectory } from './process/home.ts'
import { invocationOf, unchanged } from '../unchanged/snapshot.ts'

const words = process.argv.slice(2)
const found =
  words[0] === 'build' ? unchanged(homeDirectory(process.env, process.cwd()), invocationOf(words)) : undefined
if (found === undefined) createRequire(__filename)('./tenon-main.cjs')
else {
  process.stderr.write(found.stderr)
  process.stdout.write(found.stdout)
}
