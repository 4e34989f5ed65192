// program.test.ts — the options that each family and release of quickjs is started with, read off its text.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { quickjsOptions } from '../../../../runtime/sandbox/quickjs/program.ts'
import { temporaryFolder } from '../../../temporary-folder.ts'

test('the stack is 4 MB in the unit of each family, and one release alone is told to leave rejections be', () => {
  const directory = temporaryFolder('quickjs')
  const optionsOf = (text: string): string => {
    const program = join(directory, 'qjs')
    writeFileSync(program, `\u007fELF\0${text}\0`)
    return quickjsOptions(program).join(' ')
  }
  assert.equal(optionsOf('QuickJS-ng version %s'), '--std --stack-size 4096')
  assert.equal(optionsOf('QuickJS version 2025-09-13'), '--std --stack-size 4194304')
  assert.equal(optionsOf('QuickJS version 2025-04-26'), '--std --stack-size 4194304 --no-unhandled-rejection')
})
