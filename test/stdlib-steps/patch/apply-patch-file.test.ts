// apply-patch-file.test.ts — what a patch does to a tree, and what it is told when it does not fit.
import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { StepError } from '../../../stdlib-steps/step-error.ts'
import { applyPatchFile } from '../../../stdlib-steps/patch/apply-patch-file.ts'
import { listing } from '../archive/archives.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

interface Applied {
  readonly tree: readonly string[]
  readonly changed: readonly string[]
  readonly error: StepError | null
}

/** `files`: text by path; `-> target` makes a link. */
function applied(files: Readonly<Record<string, string>>, patch: string, strip = 1): Applied {
  const outer = temporaryFolder('patch')
  const root = join(outer, 'root')
  mkdirSync(root)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    if (text.startsWith('-> ')) symlinkSync(text.slice(3), join(root, path))
    else writeFileSync(join(root, path), text)
  }
  return {
    ...attempt(() => applyPatchFile('p.patch', Buffer.from(patch), root, strip)),
    tree: listing(root, ''),
  }
}

function attempt(action: () => readonly string[]): Omit<Applied, 'tree'> {
  try {
    return { changed: action(), error: null }
  } catch (error) {
    if (error instanceof StepError) return { changed: [], error }
    throw error
  }
}

function assertRefused(result: Applied, code: string, ...facts: readonly RegExp[]): void {
  assert.equal(result.error?.code, code, result.error?.message)
  for (const fact of facts) assert.match(result.error.message, fact)
}

const HUNK = '@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n'
const NUMBERS = 'one\ntwo\nthree\n'
const simple = (path: string): string => `--- a/${path}\n+++ b/${path}\n${HUNK}`

test('a hunk is found again where lines moved, and later hunks with it', () => {
  const { tree, changed } = applied({ 'd/f': 'zero\n'.repeat(30) + NUMBERS }, simple('d/f'))
  assert.deepEqual(changed, ['d/f'])
  assert.deepEqual(tree, ['d/', `d/f: ${'zero\n'.repeat(30)}one\nTWO\nthree\n`])
})

test('text around the patch and a mail signature do not matter', () => {
  const mail = `From 1234 Mon Sep 17 00:00:00 2001\nSubject: [PATCH] x\n\n---\n f | 2 +-\n\ndiff --git a/f b/f\nindex 1..2 100644\n${simple('f')}-- \n2.39.5\n\n`
  assert.deepEqual(applied({ f: NUMBERS }, mail).tree, ['f: one\nTWO\nthree\n'])
})

test('a git patch makes, removes, renames, copies files and sets the executable bit', () => {
  const patch = [
    'diff --git a/new/made b/new/made\nnew file mode 100755\n--- /dev/null\n+++ b/new/made\n@@ -0,0 +1 @@\n+hi\n\\ No newline at end of file\n',
    'diff --git a/empty b/empty\nnew file mode 100644\nindex 0000000..e69de29\n',
    'diff --git a/gone/old b/gone/old\ndeleted file mode 100644\n--- a/gone/old\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n',
    'diff --git a/from b/to\nsimilarity index 75%\nrename from from\nrename to to\n--- a/from\n+++ b/to\n' +
      HUNK,
    'diff --git a/same b/moved/same\nsimilarity index 100%\nrename from same\nrename to moved/same\n',
    'diff --git a/kept b/copy\nsimilarity index 100%\ncopy from kept\ncopy to copy\n',
    'diff --git a/run b/run\nold mode 100644\nnew mode 100755\n',
  ].join('')
  const files = { 'gone/old': 'x\n', from: NUMBERS, same: 's\n', kept: 'k\n', run: 'r\n' }
  const { tree, error } = applied(files, patch)
  assert.equal(error, null)
  assert.deepEqual(tree, [
    'copy: k\n',
    'empty: ',
    'kept: k\n',
    'moved/',
    'moved/same: s\n',
    'new/',
    'new/made* hi',
    'run* r\n',
    'to: one\nTWO\nthree\n',
  ])
})

test('`diff -N` makes and removes files by their time stamps', () => {
  const epoch = '1970-01-01 00:00:00.000000000 +0000'
  const patch = `--- a/made\t${epoch}\n+++ b/made\t2020-01-01 00:00:00 +0000\n@@ -0,0 +1 @@\n+hi\n--- a/gone\t2020-01-01 00:00:00 +0000\n+++ b/gone\t${epoch}\n@@ -1 +0,0 @@\n-x\n`
  assert.deepEqual(applied({ gone: 'x\n' }, patch).tree, ['made: hi\n'])
})

test('the name that exists is patched: foo.orig against foo, other strips, names outside of ASCII', () => {
  assert.deepEqual(applied({ foo: NUMBERS }, `--- foo.orig\n+++ foo\n${HUNK}`, 0).tree, [
    'foo: one\nTWO\nthree\n',
  ])
  assert.deepEqual(applied({ f: NUMBERS }, simple('x/y/f'), 3).tree, ['f: one\nTWO\nthree\n'])
  assert.deepEqual(applied({ ünï: NUMBERS }, simple('ünï')).tree, ['ünï: one\nTWO\nthree\n'])
  const quoted = `--- "a/\\303\\274n\\303\\257"\n+++ "b/\\303\\274n\\303\\257"\n${HUNK}`
  assert.deepEqual(applied({ ünï: NUMBERS }, quoted).tree, ['ünï: one\nTWO\nthree\n'])
})

test('a hunk that does not fit tells patch, file, hunk, line, expected and found', () => {
  const second = '@@ -10,3 +10,3 @@\n ten\n-eleven\n+ELEVEN\n twelve\n'
  const text = `${NUMBERS}4\n5\n6\n7\n8\n9\nten\n11\ntwelve\n`
  const result = applied({ f: text }, simple('f') + second)
  assertRefused(
    result,
    'TN3511',
    /'p\.patch' does not apply to 'f': hunk 2 of 2, line 11\n/,
    /> \| eleven\n/,
    /> \| 11\n/,
    /make the patch again/,
  )
  assertRefused(applied({ f: '' }, simple('f')), 'TN3511', /hunk 1 of 1/)
})

test('a patch that is there already, or is the wrong way round, is called so', () => {
  assertRefused(applied({ f: 'one\nTWO\nthree\n' }, simple('f')), 'TN3511', /have this change already/)
})

test('a file to change that is missing, and one to make that is there, are refused', () => {
  assertRefused(applied({}, simple('f')), 'TN3513', /'f', which is not there/, /strip/)
  assertRefused(applied({ f: 'x' }, '--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+hi\n'), 'TN3513', /makes 'f'/)
})

test('a patch never leaves the tree', () => {
  assertRefused(applied({ f: NUMBERS }, simple('../f')), 'TN3512', /\.\.\/f/)
  assertRefused(
    applied({ f: NUMBERS }, `--- /etc/passwd\n+++ /etc/passwd\n${HUNK}`, 0),
    'TN3512',
    /etc\/passwd/,
  )
  assertRefused(
    applied({ out: '-> ..' }, '--- /dev/null\n+++ b/out/evil\n@@ -0,0 +1 @@\n+hi\n'),
    'TN3512',
    /out\/evil/,
  )
  assertRefused(applied({ link: '-> f', f: NUMBERS }, simple('link')), 'TN3514', /'link'/)
})

test('what is no text patch is refused', () => {
  assertRefused(applied({}, 'no patch at all\n'), 'TN3510', /changes nothing/)
  assertRefused(
    applied({ f: NUMBERS }, '--- a/f\n+++ b/f\n@@ -1,9 +1,9 @@\n one\n'),
    'TN3510',
    /cannot be read/,
  )
  assertRefused(
    applied(
      {},
      'diff --git a/b b/b\nnew file mode 100644\nindex 0..1\nGIT binary patch\nliteral 2\nJcmZQz1ONa700IC2\n',
    ),
    'TN3514',
    /binary/,
  )
  assertRefused(
    applied({}, 'diff --git a/b b/b\nnew file mode 120000\n--- /dev/null\n+++ b/b\n@@ -0,0 +1 @@\n+f\n'),
    'TN3514',
    /link/,
  )
})

test('bytes that are not UTF-8 stay as they are', () => {
  const outer = temporaryFolder('patch')
  writeFileSync(join(outer, 'f'), Buffer.from('caf\xe9\ntwo\n', 'latin1'))
  applyPatchFile(
    'p',
    Buffer.from('--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n caf\xe9\n-two\n+na\xefve\n', 'latin1'),
    outer,
    1,
  )
  assert.deepEqual(listing(outer, ''), [
    `f: ${Buffer.from('caf\xe9\nna\xefve\n', 'latin1').toString('utf8')}`,
  ])
})
