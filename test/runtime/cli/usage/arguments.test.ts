// arguments.test.ts — words and flags, right and wrong.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CodedError } from '../../../../dsl/plan/coded-error.ts'
import { parseArguments } from '../../../../runtime/cli/usage/arguments.ts'
import { commandNames, commandSpecs } from '../../../../runtime/cli/usage/command-table.ts'
import { flagSpecs } from '../../../../runtime/cli/usage/flags.ts'

function refusal(...argv: string[]): CodedError {
  try {
    parseArguments(argv)
  } catch (error) {
    assert(error instanceof CodedError)
    return error
  }
  throw new assert.AssertionError({ message: `${argv.join(' ')} is accepted` })
}

test('flags and words may be mixed after the command', () => {
  const { command, words, flags } = parseArguments([
    'build',
    '-j4',
    'pkg.ts#lib',
    '--keep-going',
    '--out-link=x',
    '--progress',
    'plain',
  ])
  assert.equal(command, 'build')
  assert.deepEqual(words, ['pkg.ts#lib'])
  assert.partialDeepStrictEqual(flags, {
    jobs: 4,
    'keep-going': true,
    'out-link': 'x',
    progress: 'plain',
    force: false,
    format: null,
  })
})

test('a list flag keeps every value in order', () => {
  assert.deepEqual(parseArguments(['build', '--mirror', 'a=b', '--mirror=c=d']).flags.mirror, ['a=b', 'c=d'])
  assert.deepEqual(parseArguments(['build']).flags.mirror, [])
})

test('what follows -- belongs to the program of run, flags and all', () => {
  const { words, passed } = parseArguments(['run', 'a', '--', '--jobs', '-x', '--', 'b'])
  assert.deepEqual(words, ['a'])
  assert.deepEqual(passed, ['--jobs', '-x', '--', 'b'])
})

test('elsewhere -- only ends the flags', () => {
  assert.deepEqual(parseArguments(['build', '--', '-strange-directory']).words, ['-strange-directory'])
})

test('no words at all are help; -h, --help, -V and --version need no command', () => {
  assert.equal(parseArguments([]).command, 'help')
  for (const word of ['-h', '--help']) assert.equal(parseArguments([word]).command, 'help')
  for (const word of ['-V', '--version']) assert.equal(parseArguments([word]).command, 'version')
})

test('--help wins over a missing argument', () => {
  assert.equal(parseArguments(['shell', '--help']).flags.help, true)
})

test('every command takes each of its flags in each of its forms', () => {
  for (const command of commandNames)
    for (const flag of [...(commandSpecs[command]?.flags ?? []), 'help']) {
      const spec = flagSpecs[flag]
      assert(spec)
      const value =
        spec.kind === 'switch'
          ? ''
          : `=${spec.kind === 'choice' ? spec.choices[0] : spec.kind === 'count' ? '3' : 'a=b'}`
      const needed = (commandSpecs[command]?.arguments ?? [])
        .filter(({ required }) => required)
        .map(() => 'x')
      assert(parseArguments([command, ...needed, `--${flag}${value}`]))
    }
})

test('an unknown command is refused with the nearest one', () => {
  const error = refusal('bulid')
  assert.equal(error.code, 'TN6001')
  assert.match(error.hint ?? '', /tenon build\?/)
})

test('a target without a command is refused with the command that takes it', () => {
  assert.match(refusal('examples/quickstart').hint ?? '', /tenon build examples\/quickstart/)
})

test('a flag before the command is refused', () => {
  assert.equal(refusal('--json', 'build').code, 'TN6001')
})

test('an unknown flag is refused with the nearest one of the command', () => {
  const error = refusal('build', '--keep-goin')
  assert.equal(error.code, 'TN6002')
  assert.match(error.hint ?? '', /--keep-going/)
  assert.equal(refusal('build', '-x').code, 'TN6002')
})

test('a flag of another command is refused, with the commands that take it', () => {
  const error = refusal('build', '--format', 'dot')
  assert.equal(error.code, 'TN6002')
  assert.match(error.hint ?? '', /tenon graph/)
})

test('a flag that does not exist yet is not swallowed', () => {
  assert.equal(refusal('build', '--remote', 'x').code, 'TN6002')
})

test('a missing, unknown, malformed or needless value is refused', () => {
  for (const argv of [
    ['build', '--jobs'],
    ['build', '--jobs', '--force'],
    ['build', '--jobs=0'],
    ['build', '--jobs=-1'],
    ['build', '--jobs', '1.5'],
    ['build', '-j', 'many'],
    ['build', '--progress', 'fancy'],
    ['build', '--out-link='],
    ['build', '--force=yes'],
  ])
    assert.equal(refusal(...argv).code, 'TN6003', argv.join(' '))
})

test('a choice that is nearly right is named', () => {
  assert.match(refusal('graph', '--format', 'mermiad').hint ?? '', /mermaid/)
})

test('too many and too few arguments are refused with the usage', () => {
  for (const argv of [['build', 'a', 'b'], ['shell'], ['completion'], ['version', 'x']]) {
    const error = refusal(...argv)
    assert.equal(error.code, 'TN6004', argv.join(' '))
    assert.match(error.hint ?? '', new RegExp(`tenon ${argv[0]}`))
  }
})
