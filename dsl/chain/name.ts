// name.ts — which names chains, steps, branches and artifact fields may have: they become parts of store paths.
import { CodedError } from '../plan/coded-error.ts'

const NAME = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,62}$/

export function isName(text: string): boolean {
  return NAME.test(text)
}

/** @throws CodedError TN1302 */
export function checkName(what: string, text: unknown): string {
  if (typeof text === 'string' && isName(text)) return text
  throw new CodedError('TN1302', `${what} has the name ${JSON.stringify(text) ?? typeof text}`, {
    hint: "Names are letters, digits, '.', '_', '+' and '-', begin with a letter or digit and have at most 63 characters.",
  })
}
