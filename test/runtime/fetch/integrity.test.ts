// integrity.test.ts — hashes as the web writes them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { describeHash, integrityOfHex, parseIntegrity } from '../../../runtime/fetch/integrity.ts'
import { sri } from './loopback.ts'

const HEX = '31e066137a962676e89f69d1b65382de95a7ef7d914b8cb956f41ea72e0f516b'
const SRI = 'sha256-MeBmE3qWJnbon2nRtlOC3pWn732RS4y5VvQepy4PUWs='

function refusal(text: string): CodedError {
  try {
    parseIntegrity(text)
  } catch (error) {
    assert.ok(error instanceof CodedError)
    assert.equal(error.code, 'TN4000')
    return error
  }
  return assert.fail(`${text} was taken`)
}

test('hexadecimal and SRI name the same digest', () => {
  assert.equal(integrityOfHex(HEX), SRI)
  assert.equal(describeHash('sha256', SRI.slice('sha256-'.length)), `${SRI} (hex ${HEX})`)
  assert.throws(() => integrityOfHex('abc'), { code: 'TN4000' })
})

test('of several hashes those of the strongest algorithm count', () => {
  const strong = [sri('a', 'sha512'), sri('b', 'sha512')]
  assert.deepEqual(parseIntegrity(`${sri('a')} ${strong.join('\n ')}?option ${sri('a', 'sha384')}`), {
    algorithm: 'sha512',
    digests: strong.map((one) => one.slice('sha512-'.length)),
  })
})

test('a hexadecimal hash is refused with its SRI form', () => {
  for (const text of [HEX, `sha256-${HEX}`, `sha256:${HEX}`])
    assert.ok(refusal(text).hint?.endsWith(` ${SRI}`))
})

test('what is no hash is refused', () => {
  for (const text of [
    '',
    ' ',
    'sha256-',
    'sha256-abc',
    'md5-1B2M2Y8AsgTpgAmY7PhCfg==',
    `${SRI}=`,
    sri('a').slice(0, -2),
    'latest',
  ])
    refusal(text)
})
