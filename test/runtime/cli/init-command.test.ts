// init-command.test.ts — tenon init: what it writes builds as it is.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { project } from './tenon.ts'

test('a new project builds at once', () => {
  const box = project({}, [])
  const created = box.tenon('init', 'my Project')
  assert.equal(created.exitCode, 0, created.stderr)
  const run = box.tenon('build', 'my Project')
  assert.equal(run.exitCode, 0, run.stderr)
  const { fileName } = JSON.parse(run.stdout) as { fileName: string } // what packTar returns
  assert.equal(fileName, 'my-project-0.1.0.tar.gz')
  assert(statSync(join(box.directory, 'result')).size > 100)
})

test('a new C project builds a program that runs', (t) => {
  if (spawnSync('cc', ['--version']).status !== 0) return t.skip('cc is not installed')
  const box = project({})
  assert.equal(box.tenon('init', 'greeter', '--template', 'c').exitCode, 0)
  const run = box.tenon('run', 'greeter', '--', 'you')
  assert.equal(run.stdout, 'Hello, you!\n', run.stderr)
})

test('nothing is overwritten, and nothing is written then', () => {
  const box = project({ 'build.ts': 'mine' })
  const run = box.tenon('init')
  assert.equal(run.exitCode, 2)
  assert.match(run.stderr, /TN6030.*build\.ts/)
  assert.equal(readFileSync(join(box.directory, 'build.ts'), 'utf8'), 'mine')
  assert(!existsSync(join(box.directory, 'tsconfig.json')))
})

test('a package.json that exists stays, and .gitignore only gains lines', () => {
  const box = project({ 'package.json': '{"name":"kept"}', '.gitignore': 'mine\nresult' })
  assert.equal(box.tenon('init').exitCode, 0)
  assert.equal(readFileSync(join(box.directory, 'package.json'), 'utf8'), '{"name":"kept"}')
  assert.equal(
    readFileSync(join(box.directory, '.gitignore'), 'utf8'),
    'mine\nresult\nnode_modules/\nresult-*\n',
  )
})

test('a project gets a package.json that npm accepts', () => {
  const box = project({})
  rmSync(join(box.directory, 'package.json'))
  assert.equal(box.tenon('init').exitCode, 0)
  const manifest: unknown = JSON.parse(readFileSync(join(box.directory, 'package.json'), 'utf8'))
  assert.partialDeepStrictEqual(manifest, { name: 'project', private: true, type: 'module' })
})
