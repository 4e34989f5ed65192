// substitute-text.test.ts — what is replaced, and what is not let pass in silence.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { substituteText } from '../../../stdlib-steps/files/substitute-text.ts'
import { listing } from '../archive/archives.ts'
import { withTree } from '../temp-tree.ts'

test('texts are replaced in the files that globs name, all at once, special characters taken as they are', async () => {
  await withTree({ 'a.c': '@V@ @V_LONG@ [x.*]', 'd/b.c': '@V@', 'd/b.h': '@V@', 'run.c': '*@V@' }, (root) => {
    const replacements = { '@V@': '@V_LONG@', '@V_LONG@': '$& $1', '[x.*]': 'y' }
    const counts = substituteText(root, { files: ['**/*.c'], replacements, allowNoMatch: false })
    assert.deepEqual(counts, { '@V@': 3, '@V_LONG@': 1, '[x.*]': 1 })
    assert.deepEqual(listing(root, ''), [
      'a.c: @V_LONG@ $& $1 y',
      'd/',
      'd/b.c: @V_LONG@',
      'd/b.h: @V@',
      'run.c* @V_LONG@',
    ])
  })
})

test('a text that is nowhere is an error unless it is allowed', async () => {
  await withTree({ f: 'one' }, (root) => {
    const substitution = { files: ['f'], replacements: { one: '1', two: '2' } }
    assert.throws(() => substituteText(root, { ...substitution, allowNoMatch: false }), {
      code: 'TN3520',
      message: /"two" is in none of: f/,
    })
  })
  await withTree({ f: 'one' }, (root) => {
    const substitution = { files: ['f'], replacements: { one: '1', two: '2' }, allowNoMatch: true }
    assert.deepEqual(substituteText(root, substitution), { one: 1, two: 0 })
  })
})

test('a glob without files is an error', async () => {
  await withTree({ f: 'one' }, (root) => {
    assert.throws(
      () => substituteText(root, { files: ['f', '*.c'], replacements: { one: '1' }, allowNoMatch: true }),
      {
        code: 'TN3521',
        message: /'\*\.c'/,
      },
    )
  })
})

test('bytes that are not UTF-8 stay, text outside of ASCII is found', async () => {
  await withTree({}, (root) => {
    writeFileSync(join(root, 'f'), Buffer.concat([Buffer.from([0xff, 0xe9]), Buffer.from('ünï')]))
    substituteText(root, { files: ['f'], replacements: { ünï: 'é' }, allowNoMatch: false })
    assert.deepEqual(
      readFileSync(join(root, 'f')),
      Buffer.concat([Buffer.from([0xff, 0xe9]), Buffer.from('é')]),
    )
  })
})
