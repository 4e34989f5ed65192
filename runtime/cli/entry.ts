// entry.ts — what Node is started with: all of the command, in a file that a Node which is too old need not understand.
import { createRequire } from 'node:module'

createRequire(__filename)('./tenon-main.cjs')
