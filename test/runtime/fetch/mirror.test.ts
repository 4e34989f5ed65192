// mirror.test.ts — mirrors: their text, where they are configured, what they make of a URL.
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { configuredMirrors } from '../../../runtime/fetch/configured-mirrors.ts'
import { mirrored, parseMirror, showPlace } from '../../../runtime/fetch/mirror.ts'
import { temporary } from './loopback.ts'

function places(url: string, ...mirrors: string[]): string[] {
  return mirrored(url, mirrors.map(parseMirror)).map((place) => showPlace(place))
}

test('FROM=TO is read, also when either holds an equals sign', () => {
  assert.deepEqual(parseMirror('https://a.org/x/=file:///some/dir/'), {
    from: 'https://a.org/x/',
    to: 'file:///some/dir/',
  })
  assert.deepEqual(parseMirror('https://a.org/?q=1&r==/dir=1'), {
    from: 'https://a.org/?q=1&r=',
    to: '/dir=1',
  })
  for (const text of [
    '',
    'https://a.org/',
    'https://a.org/=dir',
    'a.org=/dir',
    '=https://b.org',
    'https://a.org/=https://',
  ])
    assert.throws(() => parseMirror(text), { code: 'TN4008' }, text)
})

test('the longest prefix wins, and all mirrors of it count in their order', () => {
  assert.deepEqual(
    places(
      'https://a.org/x/y',
      'https://a.org/=https://b.org/',
      'https://a.org/x/=https://c.org/',
      'https://a.org/x/=https://d.org/z/',
    ),
    ['https://c.org/y', 'https://d.org/z/y'],
  )
})

test('a prefix ends where a part of the path ends', () => {
  assert.deepEqual(places('https://a.org.evil.org/x', 'https://a.org=https://b.org'), [])
  assert.deepEqual(places('https://a.org/xy', 'https://a.org/x=https://b.org'), [])
  assert.deepEqual(places('https://a.org/x/y', 'https://a.org/x=https://b.org/'), ['https://b.org/y'])
})

test('a directory is looked into by path, then by name, and never left', () => {
  assert.deepEqual(places('https://a.org/x/y%20z?q#f', 'https://a.org/=/dir'), ['/dir/x/y z', '/dir/y z'])
  assert.deepEqual(places('https://a.org/y', 'https://a.org/=file:///dir/'), ['/dir/y'])
  assert.deepEqual(places('https://a.org/..%2f..%2fetc/passwd', 'https://a.org/=/dir/'), [
    '/dir/etc/passwd',
    '/dir/passwd',
  ])
})

test('mirrors come from flags, the environment and config.json, in this order', () => {
  const directory = temporary()
  mkdirSync(join(directory, 'tenon'))
  const file = join(directory, 'tenon', 'config.json')
  const mirrors = { 'https://c.org/': 'https://3.org/', 'https://d.org/': ['https://4.org/', '/5'] }
  writeFileSync(file, JSON.stringify({ other: 1, mirrors }))
  const env = { XDG_CONFIG_HOME: directory, TENON_MIRRORS: ' https://b.org/=/2  https://b.org/=/2b ' }
  assert.deepEqual(
    configuredMirrors(env, ['https://a.org/=/1']).map(({ to }) => to),
    ['/1', '/2', '/2b', 'https://3.org/', 'https://4.org/', '/5'],
  )
  assert.deepEqual(configuredMirrors({ HOME: join(directory, 'nobody') }, []), [])
  for (const [text, code] of [
    ['{', 'TN4009'],
    ['[]', 'TN4009'],
    ['{"mirrors": []}', 'TN4009'],
    ['{"mirrors": {"https://a.org/": 1}}', 'TN4009'],
    ['{"mirrors": {"https://a.org/": "relative"}}', 'TN4008'],
  ] as const) {
    writeFileSync(file, text)
    assert.throws(() => configuredMirrors(env, []), { code }, text)
  }
})
