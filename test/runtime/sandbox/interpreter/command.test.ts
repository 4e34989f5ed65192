// command.test.ts — `$` of a body: how a template becomes arguments, and what becomes of the command.
import assert from 'node:assert/strict'
import { realpathSync } from 'node:fs'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { shellIn } from '../../../../runtime/sandbox/interpreter/command.ts'
import { CommandError } from '../../../../runtime/sandbox/interpreter/command-error.ts'
import { type Argument, words } from '../../../../runtime/sandbox/interpreter/command-words.ts'

const split = (parts: TemplateStringsArray, ...values: readonly Argument[]): string[] => words(parts, values)

describe('words', () => {
  test('white space separates, quotes join', () => {
    assert.deepEqual(split`  make   -j "a b" 'c"d' e"f g"h ''  `, ['make', '-j', 'a b', 'c"d', 'ef gh', ''])
  })
  test('a value is one argument with the text around it, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        assert.deepEqual(split`cp ${value} -I${value}/x "${value}"`, ['cp', value, `-I${value}/x`, value])
      }),
    )
  })
  test('a list is several arguments, an empty one none', () => {
    assert.deepEqual(split`cc ${['a b', 1]} ${[]} -o x`, ['cc', 'a b', '1', '-o', 'x'])
  })
  test('a list next to text is refused', () => {
    assert.throws(() => split`cc -I${['a']}`, /a list must stand alone/)
    assert.throws(() => split`cc ${['a']}.c`, /a list must stand alone/)
  })
  for (const value of [undefined, null, {}, Number.NaN, true, [['a']], [undefined]])
    test(`${JSON.stringify(value)} is no argument`, () => {
      // A body in JavaScript may pass anything.
      assert.throws(() => split`cc ${value as unknown as string}`, TypeError)
    })
  test('shell operators are refused, unless quoted or passed', () => {
    assert.throws(() => split`a | b`, /there is no shell/)
    assert.throws(() => split`a > ${'b'}`, /there is no shell/)
    assert.deepEqual(split`a ${'|'} x`, ['a', '|', 'x'])
  })
  test('an open quote is refused', () => {
    assert.throws(() => split`echo "a`, /is not closed/)
  })
})

describe('$', () => {
  const $ = shellIn('/')
  test('the output is returned without its last newline', async () => {
    assert.deepEqual(await $`printf ${'a\nb\n\n'}`, { stdout: 'a\nb\n', exitCode: 0 })
  })
  test('in() runs in another folder', async () => {
    assert.equal((await $.in('usr').in('bin')`pwd`).stdout, realpathSync('/usr/bin'))
  })
  test('another exit code rejects with the command, the code and the output', async () => {
    const failed = await $`sh -c ${'echo said; exit 3'}`.catch((error: unknown) => error)
    assert(failed instanceof CommandError)
    assert.deepEqual([failed.code, failed.signal, failed.stdout], [3, null, 'said'])
    assert.equal(failed.message, '`sh -c "echo said; exit 3"` exited with code 3')
  })
  test('a command killed by a signal rejects with it', async () => {
    await assert.rejects($`sh -c ${'kill -9 $$'}`, { signal: 'SIGKILL', code: null })
  })
  test('a command that is not there rejects with its name', async () => {
    await assert.rejects($`no-such-command x`, {
      name: 'CommandError',
      message: /`no-such-command x` could not be started/,
    })
    await assert.rejects($``, TypeError)
  })
  test('a daemon that keeps the output open does not hold the command up', async () => {
    assert.equal((await $`sh -c ${'sleep 5 & echo started'}`).stdout, 'started')
  })
})
