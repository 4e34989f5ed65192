// store-path.ts — the names of store objects as steps see them. Where they physically are is layout.ts's business.
import { shortHashPattern } from '../../dsl/plan/digest.ts'
import { MAX_NAME_LENGTH } from '../../dsl/plan/placeholder.ts'

/** `/tenon/store/<32 characters>-<name>`. */
export type StorePath = string

export const STORE_ROOT = '/tenon/store'
export const HASH_LENGTH = 32

const PATTERN = new RegExp(
  `^${STORE_ROOT}/(${shortHashPattern}-[A-Za-z0-9+_-][A-Za-z0-9+._-]{0,${MAX_NAME_LENGTH - 1}})(/.*)?$`,
  's',
)

export function storePath(hash: string, name: string): StorePath {
  return `${STORE_ROOT}/${hash}-${name}`
}

/** The object and what follows it (`/bin/cc` or nothing); undefined when the text is not in the store. */
export function splitStorePath(
  text: string,
): { readonly object: StorePath; readonly rest: string } | undefined {
  const match = PATTERN.exec(text)
  return match?.[1] === undefined ? undefined : { object: `${STORE_ROOT}/${match[1]}`, rest: match[2] ?? '' }
}

export function isStorePath(text: string): boolean {
  return splitStorePath(text)?.rest === ''
}

/** `<hash>-<name>` */
export function storeBaseName(path: StorePath): string {
  return path.slice(STORE_ROOT.length + 1)
}

export function hashPart(path: StorePath): string {
  return storeBaseName(path).slice(0, HASH_LENGTH)
}

export function namePart(path: StorePath): string {
  return storeBaseName(path).slice(HASH_LENGTH + 1)
}
