// home.test.ts — where Tenon keeps what it makes.
import assert from 'node:assert/strict'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { homeDirectory } from '../../../../runtime/cli/process/home.ts'

test('TENON_HOME comes first, then XDG_DATA_HOME, then the home directory', () => {
  assert.equal(homeDirectory({ TENON_HOME: '/t', XDG_DATA_HOME: '/x' }, '/cwd'), '/t')
  assert.equal(homeDirectory({ TENON_HOME: 'rel' }, '/cwd'), '/cwd/rel')
  assert.equal(homeDirectory({ TENON_HOME: '', XDG_DATA_HOME: '/x' }, '/cwd'), '/x/tenon')
  assert.equal(homeDirectory({}, '/cwd'), join(homedir(), '.local/share/tenon'))
})

test('a relative XDG_DATA_HOME is ignored, as its specification says', () => {
  assert.equal(homeDirectory({ XDG_DATA_HOME: 'rel' }, '/cwd'), join(homedir(), '.local/share/tenon'))
})
