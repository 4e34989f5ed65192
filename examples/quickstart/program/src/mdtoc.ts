#!/usr/bin/env node
// mdtoc.ts — the command: arguments in, table of contents out.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { tableOfContents } from './contents.ts'
import { version } from './version.ts'

const { values, positionals } = parseArgs({
  options: { depth: { type: 'string', default: '6' }, version: { type: 'boolean', default: false } },
  allowPositionals: true,
})
if (values.version) console.log(`mdtoc ${version}`)
else process.stdout.write(tableOfContents(readFileSync(positionals[0] ?? 0, 'utf8'), Number(values.depth)))
