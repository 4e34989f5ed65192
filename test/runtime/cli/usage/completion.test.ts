// completion.test.ts — completion scripts, read by the shells themselves where they are installed.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { test, type TestContext } from 'node:test'
import { commandNames, commandSpecs } from '../../../../runtime/cli/usage/command-table.ts'
import { completionScript, SHELLS } from '../../../../runtime/cli/usage/completion.ts'

function needs(t: TestContext, shell: string): boolean {
  const isThere = spawnSync(shell, ['--version']).status === 0
  if (!isThere) t.skip(`${shell} is not installed`)
  return isThere
}

function completedByBash(...words: string[]): readonly string[] {
  const quoted = words.map((word) => `'${word}'`).join(' ')
  const script = `${completionScript('bash')}
COMP_WORDS=(tenon ${quoted}); COMP_CWORD=${words.length}; _tenon; printf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '')
}

test('bash completes commands, flags, choices and shells', (t) => {
  if (!needs(t, 'bash')) return
  assert.deepEqual(completedByBash('bui'), ['build'])
  assert.deepEqual(completedByBash('build', '--keep-'), ['--keep-going', '--keep-failed'])
  assert.deepEqual(completedByBash('graph', '--format', ''), ['dot', 'mermaid'])
  assert.deepEqual(completedByBash('completion', 'f'), ['fish'])
  assert.deepEqual(completedByBash('build', '--format'), [])
})

test('bash completes files where a target can stand', (t) => {
  if (!needs(t, 'bash')) return
  assert(completedByBash('build', '/et').includes('/etc'))
})

test('zsh and fish find no fault in their scripts', (t) => {
  for (const shell of ['zsh', 'fish'] as const) {
    if (spawnSync(shell, ['--version']).status !== 0) t.diagnostic(`${shell} is not installed`)
    else execFileSync(shell, ['-n'], { input: completionScript(shell) })
  }
})

test('every script knows every command and every flag', () => {
  for (const shell of SHELLS) {
    const script = completionScript(shell)
    for (const name of commandNames) {
      assert(script.includes(name), `${shell}: ${name}`)
      for (const flag of commandSpecs[name]?.flags ?? []) assert(script.includes(flag), `${shell}: --${flag}`)
    }
  }
})
