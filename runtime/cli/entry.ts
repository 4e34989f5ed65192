// entry.ts — what Node is started with: all of the command, in a file that a Node which is too old need not understand.
import { existsSync } from 'node:fs'
import module from 'node:module'
import { join } from 'node:path'
import { homeDirectory } from './process/home.ts'

// Compiled code is kept beside what else was learnt, once there is such a folder: a third less of start-up.
const cache = join(homeDirectory(process.env, process.cwd()), 'cache')
if (existsSync(cache)) module.enableCompileCache(join(cache, 'node'))
module.createRequire(__filename)('./tenon-main.cjs')
