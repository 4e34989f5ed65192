// help.test.ts — help pages and docs/cli.md, both from the table.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { cliDocs } from '../../../../runtime/cli/usage/cli-docs.ts'
import { parseArguments } from '../../../../runtime/cli/usage/arguments.ts'
import { commandNames, commandSpecs } from '../../../../runtime/cli/usage/command-table.ts'
import { commandHelp, globalHelp } from '../../../../runtime/cli/usage/help.ts'
import { matchesGolden } from '../../report/golden.ts'

test('every help page is as the golden file says', () => {
  const pages = [globalHelp(), ...commandNames.map(commandHelp)]
  matchesGolden(join(import.meta.dirname, 'golden', 'help.txt'), pages.join(`${'='.repeat(80)}\n`))
})

test('no line of a help page is wider than a terminal', () => {
  for (const page of [globalHelp(), ...commandNames.map(commandHelp)])
    for (const line of page.split('\n')) assert(line.length <= 80, line)
})

test('docs/cli.md says what the table says', () => {
  matchesGolden(join(import.meta.dirname, '../../../../docs/cli.md'), cliDocs())
})

test('every example of the table is a command line that is accepted', () => {
  for (const command of commandNames)
    for (const [line] of commandSpecs[command]?.examples ?? []) {
      const words = /tenon ([^|>)]*)/.exec(line)?.[1]?.trim().split(/\s+/) ?? []
      assert.equal(parseArguments(words).command, command, line)
    }
})
