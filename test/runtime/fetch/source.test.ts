// source.test.ts — which files of a project a source takes, what it refuses, when its stamp changes.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { sourceStamp, StampCache } from '../../../runtime/fetch/source-stamp.ts'
import { projectSource } from '../../../runtime/fetch/source.ts'
import { listSource, type SourceParams } from '../../../runtime/fetch/source/list.ts'
import { temporary } from './loopback.ts'

const ALL: SourceParams = { base: '.', include: ['**'], exclude: [], gitignore: true, single: false }

/** Makes a project of these files; a value that begins with `->` is a symbolic link. */
function project(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = join(temporary(), 'project')
  mkdirSync(root)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    if (content.startsWith('->')) symlinkSync(content.slice(2), join(root, path))
    else writeFileSync(join(root, path), content)
  }
  return root
}

function paths(root: string, params: Partial<SourceParams> = {}): string[] {
  return listSource({ ...ALL, ...params }, root, []).entries.map(({ path }) => path)
}

function copy(t: TestContext, root: string, params: Partial<SourceParams> = {}): string {
  const scratch = temporary()
  return projectSource({ ...ALL, ...params }, { projectRoot: root, scratch, home: join(root, '.tenon') }).path
}

test('all files are taken by default, hidden ones too, sorted by code unit', (t) => {
  const root = project(t, { 'b/c': '', 'b.c': '', B: '', '.hidden/x': '', 'b/.y': '', é: '' })
  assert.deepEqual(paths(root), ['.hidden/x', 'B', 'b.c', 'b/.y', 'b/c', 'é'])
})

test('include and exclude are globs below the base; a directory stands for all in it', (t) => {
  const root = project(t, {
    'p/src/a.ts': '',
    'p/src/x/b.ts': '',
    'p/src/x/b.js': '',
    'p/doc/d': '',
    'q/e.ts': '',
  })
  const p = { base: 'p' }
  assert.deepEqual(paths(root, { ...p, include: ['**/*.ts'] }), ['src/a.ts', 'src/x/b.ts'])
  assert.deepEqual(paths(root, { ...p, include: ['src', 'doc/*'] }), [
    'doc/d',
    'src/a.ts',
    'src/x/b.js',
    'src/x/b.ts',
  ])
  assert.deepEqual(paths(root, { ...p, include: ['./src/'], exclude: ['src/x', 'doc'] }), ['src/a.ts'])
  assert.deepEqual(paths(root, { ...p, include: ['src/{a,x/*}.ts'], exclude: ['**/b.*'] }), ['src/a.ts'])
  assert.deepEqual(paths(root, { ...p, include: ['.'], exclude: ['**/*.ts', '**/*.js'] }), ['doc/d'])
})

test('a name that looks like a glob is found as it is', (t) => {
  const root = project(t, { 'pages/[id].ts': '', 'pages/i.ts': '' })
  assert.ok(paths(root, { include: ['pages/[id].ts'] }).includes('pages/[id].ts'))
})

test('a directory that cannot hold a match is not read', (t) => {
  const root = project(t, { 'src/a': '', 'other/b': '' })
  symlinkSync('/nowhere', join(root, 'other', 'absolute')) // would be refused if it were seen
  execFileSync('mkfifo', [join(root, 'other', 'pipe')])
  assert.deepEqual(paths(root, { include: ['src/**'] }), ['src/a'])
  assert.deepEqual(paths(root, { exclude: ['other'] }), ['src/a'])
})

test('.git, result links, the lock’s helpers and Tenon’s own home are never taken', (t) => {
  const root = project(t, {
    a: '',
    '.git/config': '',
    'sub/.git': 'gitdir: x',
    result: '->/nowhere',
    'result-2': '->a',
    'results/x': '',
    'tenon.lock': '',
    'tenon.lock.writing': '',
    '.tenon/store/x': '',
  })
  const list = listSource({ ...ALL, gitignore: false }, root, [join(root, '.tenon')])
  assert.deepEqual(
    list.entries.map(({ path }) => path),
    ['a', 'results/x', 'tenon.lock'],
  )
})

test('a source takes what git would add: every .gitignore and .git/info/exclude count', (t) => {
  const top = project(t, {
    '.gitignore': '*.o\n/build/\nnode_modules\n!keep.o\n**/gen/*\n!**/gen/keep\nCase\n',
    'sub/.gitignore': '!wanted.o\n/local\n*.tmp\\ \n',
    'sub/deep/.gitignore': 'wanted.o\n',
    'a.c': '',
    'a.o': '',
    'keep.o': '',
    case: '',
    'build/x': '',
    'sub/build/x': '',
    'sub/local': '',
    'sub/deep/local': '',
    'sub/wanted.o': '',
    'sub/deep/wanted.o': '',
    'sub/gen/drop': '',
    'sub/gen/keep': '',
    'sub/node_modules/m/index.js': '',
    'sub/personal': '',
    'sub/x.tmp ': '',
    'sub/link': '->deep',
  })
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', top, '-c', 'core.excludesFile=', ...args], { encoding: 'utf8' })
  git('init', '-q')
  writeFileSync(join(top, '.git', 'info', 'exclude'), 'personal\n')
  const expected = git('ls-files', '-z', '--others', '--exclude-standard')
    .split('\0')
    .filter((path) => path !== '')
  assert.deepEqual(
    paths(top),
    expected.toSorted((a, b) => (a < b ? -1 : 1)),
  )
  assert.ok(expected.includes('sub/wanted.o') && !expected.includes('sub/deep/wanted.o'), 'the levels matter')
  // A project in a part of the repository obeys the levels above it too.
  const below = expected.filter((path) => path.startsWith('sub/')).map((path) => path.slice('sub/'.length))
  assert.deepEqual(
    paths(join(top, 'sub')),
    below.toSorted((a, b) => (a < b ? -1 : 1)),
  )
  assert.ok(paths(top, { gitignore: false }).includes('sub/node_modules/m/index.js'))
})

test('a path outside of the project is refused', (t) => {
  const root = project(t, { a: '', 'sub/b': '' })
  writeFileSync(join(root, '..', 'secret'), '')
  for (const params of [
    { base: '..' },
    { base: '/etc' },
    { base: 'sub/../..' },
    { include: ['../secret'] },
    { include: ['/etc/passwd'] },
    { include: ['sub/../../secret'] },
    { single: true, include: ['../secret'] },
    { single: true, include: ['/etc/passwd'] },
  ])
    assert.throws(() => paths(root, params), { code: 'TN4200' }, JSON.stringify(params))
})

test('a symbolic link that leads out is refused by name, wherever it is', (t) => {
  const root = project(t, {
    'a/x': '',
    'a/up': '->../../secret',
    'b/absolute': '->/etc/passwd',
    'c/in': '->out/x',
    'c/out': '->../../elsewhere',
    d: '->../elsewhere',
    'e/sibling': '->../a/x',
  })
  mkdirSync(join(root, '..', 'elsewhere'))
  writeFileSync(join(root, '..', 'elsewhere', 'x'), '')
  for (const [params, name] of [
    [{ base: 'a' }, 'up'],
    [{ base: 'b' }, 'absolute'],
    [{ base: 'c', exclude: ['out'] }, 'in'],
    [{ base: 'd' }, 'd'],
    [{ base: 'e' }, 'sibling'],
    [{ single: true, include: ['d/x'] }, 'd/x'],
  ] as const)
    assert.throws(() => paths(root, params), { code: 'TN4201', message: new RegExp(`^"${name}"`) }, name)
})

test('nothing to take is refused, and so is a named file that is not there', (t) => {
  const root = project(t, { a: '', '.gitignore': 'b\n', b: '', 'empty/.gitignore': '*\n' })
  for (const [params, named] of [
    [{ include: ['*.ts'] }, '*.ts'],
    [{ include: ['a', 'missing.txt'] }, 'missing.txt'],
    [{ include: ['b'] }, 'b'],
    [{ include: [] }, 'an empty list'],
    [{ base: 'empty' }, '**'],
  ] as const)
    assert.throws(
      () => paths(root, params),
      (error: Error & { code?: string; hint?: string }) => {
        assert.equal(error.code, 'TN4202')
        assert.ok(error.message.includes(`matches ${named}`), error.message)
        assert.match(error.hint ?? '', /gitignore/)
        return true
      },
    )
  assert.throws(() => paths(root, { base: 'nowhere' }), { code: 'TN4205' })
  assert.throws(() => paths(root, { base: 'a' }), { code: 'TN4205' })
  assert.throws(() => paths(root, { single: true, include: ['nowhere'] }), { code: 'TN4205' })
  assert.throws(() => paths(root, { single: true, include: ['empty'] }), { code: 'TN4205' })
})

test('a pipe is refused, and a name that is no UTF-8', (t) => {
  const root = project(t, { 'a/x': '', 'b/x': '' })
  execFileSync('mkfifo', [join(root, 'a', 'pipe')])
  assert.throws(() => paths(root, { base: 'a' }), { code: 'TN4204', message: /"pipe"/ })
  writeFileSync(Buffer.concat([Buffer.from(join(root, 'b/')), Buffer.from([0xff])]), '')
  assert.throws(() => paths(root, { base: 'b' }), { code: 'TN4203' })
})

test('the copy has the bytes, 0755 or 0644, and links as links', (t) => {
  const root = project(t, {
    'bin/run': '#!/bin/sh',
    'lib/a': 'A',
    'lib/b': '->a',
    'lib/c': '->../bin',
    'lib/d': '->nothing',
  })
  chmodSync(join(root, 'bin', 'run'), 0o700)
  chmodSync(join(root, 'lib', 'a'), 0o400)
  const path = copy(t, root)
  assert.deepEqual(readdirSync(path), ['bin', 'lib'])
  assert.deepEqual(readdirSync(join(path, 'lib')), ['a', 'b', 'c', 'd'])
  assert.equal(statSync(join(path, 'bin/run')).mode & 0o777, 0o755)
  assert.equal(statSync(join(path, 'lib/a')).mode & 0o777, 0o644)
  assert.equal(readFileSync(join(path, 'lib/b'), 'utf8'), 'A')
  assert.deepEqual(
    ['lib/b', 'lib/c', 'lib/d'].map((link) => readlinkSync(join(path, link))),
    ['a', '../bin', 'nothing'],
  )
})

test('a single file is copied under its name, from anywhere in the project, ignored or not', (t) => {
  const root = project(t, { 'x.patch': 'P', 'pkg/build.ts': '', '.gitignore': '*.patch' })
  const path = copy(t, root, { base: 'pkg', include: ['../x.patch'], single: true })
  assert.ok(path.endsWith('/x.patch'))
  assert.equal(readFileSync(path, 'utf8'), 'P')
  assert.ok(lstatSync(path).isFile())
})

test('a stamp stays while nothing changes and changes with every change', (t) => {
  const root = project(t, { 'a/x': '1', 'a/y': '2', other: '' })
  const hourAgo = new Date(Date.now() - 3_600_000)
  const stamp = (params: Partial<SourceParams> = {}) =>
    sourceStamp({ ...ALL, base: 'a', ...params }, root, join(root, 'home'))
  const settled = () => {
    // ctime cannot be set back: wait until it is no longer "now".
    const until = Date.now() + 80
    while (Date.now() < until);
    return stamp()
  }
  let before = settled()
  assert.equal(stamp(), before)
  writeFileSync(join(root, 'other'), 'not in the source')
  assert.equal(stamp(), before)
  const x = join(root, 'a', 'x')
  for (const change of [
    () => writeFileSync(x, '3'),
    () => utimesSync(x, hourAgo, hourAgo),
    () => writeFileSync(join(root, 'a', 'z'), ''),
    () => renameSync(join(root, 'a', 'z'), join(root, 'a', 'w')),
    () => rmSync(join(root, 'a', 'w')),
    () => chmodSync(x, 0o755),
    () => writeFileSync(join(root, 'a', '.gitignore'), 'y\n.gitignore\n'),
  ]) {
    change()
    const now = settled()
    assert.notEqual(now, before, change.toString())
    assert.equal(stamp(), now)
    before = now
  }
  assert.notEqual(stamp({ include: ['x'], single: true }), stamp({ include: ['x'] }))
})

test('a file written this moment gives a stamp that never comes again', (t) => {
  const root = project(t, { x: '' })
  const soon = new Date(Date.now() + 3_600_000)
  utimesSync(join(root, 'x'), soon, soon)
  assert.notEqual(sourceStamp(ALL, root, '/nowhere'), sourceStamp(ALL, root, '/nowhere'))
})

test('the stamp cache remembers a store path and forgets when deleted', () => {
  const home = temporary()
  const cache = new StampCache(home)
  assert.equal(cache.get('a1'), undefined)
  cache.set('a1', '/tenon/store/x-src')
  cache.set('a1', '/tenon/store/y-src')
  assert.equal(new StampCache(home).get('a1'), '/tenon/store/y-src')
  assert.deepEqual(readdirSync(join(home, 'cache', 'sources')), ['a1'])
  rmSync(join(home, 'cache'), { recursive: true })
  assert.equal(cache.get('a1'), undefined)
})
