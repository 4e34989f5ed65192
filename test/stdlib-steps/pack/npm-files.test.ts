// npm-files.test.ts — which files npmPack takes: npm's rules, as `npm pack` applies them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { npmFiles } from '../../../stdlib-steps/pack/npm-files.ts'
import { npmManifest } from '../../../stdlib-steps/pack/npm-manifest.ts'
import { type Files, withTree } from '../temp-tree.ts'

const FILES: Files = {
  'a.js': '', 'bin.sh': '', 'lib/b.js': '', 'lib/README.md': '', 'lib/sub/c.js': '', 'lib/sub/secret.js': '', 'docs/d.md': '',
  'README.md': '', 'LICENSE.txt': '', 'x.orig': '', '.npmrc': '', 'node_modules/x/i.js': '', 'package-lock.json': '',
  'lib/sub/.npmignore': 'secret.js', '.npmignore': 'docs', '.gitignore': 'a.js', 'lib/.DS_Store': '', '.git/HEAD': '',
} // prettier-ignore

async function packed(manifest: object, files: Files = FILES): Promise<string[]> {
  const text = JSON.stringify({ name: 'x', version: '1.0.0', ...manifest })
  return withTree({ ...files, 'package.json': text }, (root) =>
    npmFiles(root, npmManifest(root)).map(({ path, executable }) => path + (executable ? '*' : '')),
  )
}
const ALWAYS = ['LICENSE.txt', 'README.md', 'package.json']

test('without `files` everything goes but what ignore files and npm leave out', async () => {
  assert.deepEqual(await packed({}), [
    'LICENSE.txt',
    'README.md',
    'a.js',
    'bin.sh',
    'lib/README.md',
    'lib/b.js',
    'lib/sub/c.js',
    'package.json',
  ])
})

test('.gitignore counts where there is no .npmignore', async () => {
  assert.deepEqual(await packed({}, { 'a.js': '', 'b.js': '', '.gitignore': 'a.js' }), [
    'b.js',
    'package.json',
  ])
})

test('`files` chooses by patterns from the root, the root ignore files do not count', async () => {
  assert.deepEqual(await packed({ files: [] }), ALWAYS)
  assert.deepEqual(await packed({ files: ['docs'] }), [
    'LICENSE.txt',
    'README.md',
    'docs/d.md',
    'package.json',
  ])
  assert.deepEqual(await packed({ files: ['*.js', 'c.js'] }), [
    'LICENSE.txt',
    'README.md',
    'a.js',
    'package.json',
  ])
  assert.deepEqual(await packed({ files: ['./lib/', '!lib/sub'] }), [
    'LICENSE.txt',
    'README.md',
    'lib/README.md',
    'lib/b.js',
    'package.json',
  ])
  assert.deepEqual(await packed({ files: ['lib/**/*.js'] }), [
    'LICENSE.txt',
    'README.md',
    'lib/b.js',
    'lib/sub/c.js',
    'package.json',
  ])
})

test('main and bin always go, programs become executable', async () => {
  assert.deepEqual(await packed({ files: [], main: './a.js', bin: { x: './bin.sh' } }), [
    'LICENSE.txt',
    'README.md',
    'a.js',
    'bin.sh*',
    'package.json',
  ])
})

test('a package without name or version, or with bundled dependencies, is refused', async () => {
  await assert.rejects(packed({ name: 'No Name' }), {
    code: 'TN3540',
    message: /name is "No Name"/,
  })
  await assert.rejects(packed({ version: undefined }), { code: 'TN3540', message: /version is missing/ })
  await assert.rejects(packed({ bundleDependencies: ['y'] }), { code: 'TN3541' })
  await withTree({}, (root) =>
    assert.throws(() => npmManifest(root), { code: 'TN3540', message: /cannot be read/ }),
  )
})
