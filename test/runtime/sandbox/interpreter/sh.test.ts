// sh.test.ts — values reach a script and come back exactly, whatever characters they have.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Json } from '../../../../dsl/plan/json.ts'
import { variablesScript } from '../../../../runtime/sandbox/interpreter/sh.ts'
import { composeShellAnswer } from '../../../../runtime/sandbox/interpreter/sh-answer.ts'
import { temporaryFolder } from '../../../temporary-folder.ts'

const folder = temporaryFolder('sh')
const SHELLS = ['/bin/sh', '/bin/bash', '/bin/busybox'].filter((file) => existsSync(file))

/** What the script prints, and the answer that its calls make. */
function run(
  shell: string,
  request: Record<string, Json>,
  script: string,
): { printed: string; answer: unknown } {
  rmSync(join(folder, 'out'), { recursive: true, force: true })
  mkdirSync(join(folder, 'out'))
  const main = join(folder, 'main.sh')
  writeFileSync(main, `set -eu\n${variablesScript(request, folder)}\n${script}\n`)
  const applet = shell.endsWith('busybox') ? ['sh'] : []
  const printed = execFileSync(shell, [...applet, main], {
    encoding: 'utf8',
    env: { LC_ALL: 'C.UTF-8', PATH: '/usr/bin:/bin' },
    maxBuffer: 1 << 26,
  })
  const fields = existsSync(join(folder, 'out/fields'))
    ? readFileSync(join(folder, 'out/fields'), 'utf8')
    : ''
  return {
    printed,
    answer: JSON.parse(
      composeShellAnswer({ response: undefined, fields, outputs: {}, isThere: () => false }),
    ),
  }
}

/** Any text that a shell variable can hold: no NUL, no lone surrogate. */
const anyText = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.replaceAll('\0', ''))
const nastyText = fc.stringMatching(/^['"\\$`\n\t !*?~#&|;<>(){}[\]%=a\r-]*$/)
const text = fc.oneof(anyText, nastyText)

for (const shell of SHELLS)
  describe(`in ${shell}`, () => {
    test('any string is its variable’s value, and comes back by output', () => {
      fc.assert(
        fc.property(fc.array(text, { minLength: 1, maxLength: 60 }), (texts) => {
          const params = Object.fromEntries(texts.map((value, i) => [`p${i}`, value]))
          const script = texts
            .map((_, i) => `printf '%s\\0' "$param_p${i}"; output f${i} "$param_p${i}"`)
            .join('\n')
          const { printed, answer } = run(shell, { params }, script)
          assert.deepEqual(printed.split('\0').slice(0, -1), texts)
          assert.deepEqual(answer, Object.fromEntries(texts.map((value, i) => [`f${i}`, value])))
        }),
        { numRuns: 15 },
      )
    })
    test('a list of scalars gives its items as arguments', () => {
      fc.assert(
        fc.property(fc.array(fc.oneof(text, fc.integer(), fc.boolean()), { maxLength: 40 }), (flags) => {
          const { printed } = run(
            shell,
            { params: { flags } },
            `eval "set -- $param_flags"; printf '%s\\0' "$#" "$@"`,
          )
          assert.deepEqual(printed.split('\0').slice(0, -1), [String(flags.length), ...flags.map(String)])
        }),
        { numRuns: 15 },
      )
    })
    test('any JSON text given to output_json is the field’s value', () => {
      fc.assert(
        fc.property(fc.array(fc.jsonValue(), { minLength: 1, maxLength: 20 }), (values) => {
          const clean = JSON.parse(JSON.stringify(values).replaceAll('\\u0000', '')) as Json[] // what fast-check made
          const params = Object.fromEntries(clean.map((value, i) => [`p${i}`, JSON.stringify(value)]))
          const { answer } = run(
            shell,
            { params },
            clean.map((_, i) => `output_json f${i} "$param_p${i}"`).join('\n'),
          )
          assert.deepEqual(answer, Object.fromEntries(clean.map((value, i) => [`f${i}`, value])))
        }),
        { numRuns: 15 },
      )
    })
  })

describe('variables', () => {
  const printed = (request: Record<string, Json>, script: string): string =>
    run('/bin/sh', request, script).printed
  test('nested fields are joined by _, numbers and booleans are their text, null is empty', () => {
    const input = { a: { b: { c: 1.5 } }, yes: true, none: null, 'with-dash.and dot': 'x' }
    assert.equal(
      printed({ input }, 'echo "$in_a_b_c $in_yes [$in_none] $in_with_dash_and_dot"'),
      '1.5 true [] x\n',
    )
  })
  test('objects and lists of them are JSON text', () => {
    const params = { o: { b: 1, a: ["it's"] }, l: [{ x: 1 }] }
    assert.equal(printed({ params }, 'echo "$param_o $param_l"'), `{"a":["it's"],"b":1} [{"x":1}]\n`)
  })
  test('a field named a_b is not hidden by field b of a', () => {
    for (const input of [
      { a: { b: 'inner' }, a_b: 'own' },
      { a_b: 'own', a: { b: 'inner' } },
    ])
      assert.equal(printed({ input }, 'echo "$in_a_b"'), 'own\n')
  })
  test('output paths, request and response have names', () => {
    const outputs = { '/prefix': '/tenon/store/x', '/a/b-c': '/tenon/store/y' }
    assert.equal(
      printed({ outputs }, 'echo "$out_prefix $out_a_b_c $request $response"'),
      `/tenon/store/x /tenon/store/y ${folder}/request.json ${folder}/out/response.json\n`,
    )
  })
  test('a NUL character is refused with the name of its variable', () => {
    assert.throws(() => variablesScript({ params: { a: { b: 'x\0y' } } }, folder), {
      code: 'TN3011',
      message: /\$param_a_b/,
    })
    assert.throws(() => variablesScript({ params: { l: ['x\0y'] } }, folder), { code: 'TN3011' })
  })
})

describe('the answer', () => {
  const compose = (given: Partial<Parameters<typeof composeShellAnswer>[0]>): unknown =>
    JSON.parse(
      composeShellAnswer({ response: undefined, fields: '', outputs: {}, isThere: () => true, ...given }),
    )
  test('the last of two outputs of one name counts', () => {
    assert.deepEqual(compose({ fields: 'text\0a\x001\0text\0a\x002\0' }), { a: '2' })
  })
  test('artifacts that are there and not set are filled in, at any depth', () => {
    const outputs = { '/set': '/p/set', '/deep/er': '/p/deep', '/gone': '/p/gone', '/sl~1ash': '/p/slash' }
    const answer = compose({ fields: 'text\0set\0own\0', outputs, isThere: (path) => path !== '/p/gone' })
    assert.deepEqual(answer, { set: 'own', deep: { er: '/p/deep' }, 'sl/ash': '/p/slash' })
  })
  test('a field in the way of an artifact stays as the script set it', () => {
    assert.deepEqual(compose({ fields: 'json\0deep\x001\0', outputs: { '/deep/er': '/p' } }), { deep: 1 })
  })
  test('a response the script wrote is completed, and one that is no object stays as it is', () => {
    assert.deepEqual(compose({ response: '{"a":1}', fields: 'text\0b\x002\0', outputs: { '/c': '/p' } }), {
      a: 1,
      b: '2',
      c: '/p',
    })
    for (const response of ['[1]', '"x"', 'null', 'not JSON', ''])
      assert.equal(composeShellAnswer({ response, fields: '', outputs: {}, isThere: () => true }), response)
  })
  test('__proto__ is a field like others', () => {
    const answer = composeShellAnswer({
      response: undefined,
      fields: 'text\0__proto__\0x\0',
      outputs: {},
      isThere: () => true,
    })
    assert.equal(answer, '{"__proto__":"x"}')
  })
  test('output_json of what is not JSON is an error that names the field', () => {
    assert.throws(() => compose({ fields: 'json\0count\0{oops\0' }), {
      code: 'TN3015',
      message: /output_json count got "\{oops"/,
    })
  })
})
