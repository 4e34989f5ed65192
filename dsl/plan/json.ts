// json.ts — what JSON is, and its one canonical text. Knows nothing of plans.

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

/** A value that canonical JSON can't carry; `pointer` is where (RFC 6901). */
export class NotJsonError extends Error {
  readonly pointer: string
  readonly found: string
  constructor(pointer: string, found: string) {
    super(`${pointer === '' ? 'the value' : pointer} is ${found}, which JSON cannot carry`)
    this.name = 'NotJsonError'
    this.pointer = pointer
    this.found = found
  }
}

/** Object keys in the order every digest uses: by UTF-16 code unit, never by locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** One RFC 6901 reference token, escaped. */
export function pointerToken(key: string | number): string {
  return '/' + String(key).replaceAll('~', '~0').replaceAll('/', '~1')
}

/** The keys of an RFC 6901 pointer; list indices stay text. */
export function pointerKeys(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/**
 * The canonical text: keys sorted by code unit, no spaces, members whose value is `undefined` left out.
 * @throws NotJsonError for NaN, infinities, -0, undefined in lists, bigint, functions, symbols, lone surrogates,
 *   class instances, cycles and nesting beyond 500 levels: what JSON.stringify would change silently.
 */
export function canonicalJson(value: unknown): string {
  return encode(value, '', new Set())
}

const MAX_DEPTH = 500 // far from where the call stack ends

function encode(value: unknown, pointer: string, open: Set<object>): string {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw new NotJsonError(pointer, 'a string with a lone surrogate')
      return JSON.stringify(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'number':
      if (!Number.isFinite(value)) throw new NotJsonError(pointer, String(value))
      if (Object.is(value, -0)) throw new NotJsonError(pointer, '-0')
      return JSON.stringify(value)
    case 'object':
      return value === null ? 'null' : encodeObject(value, pointer, open)
    case 'undefined':
    case 'bigint':
    case 'symbol':
    case 'function':
      throw new NotJsonError(pointer, typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`)
  }
}

function encodeObject(value: object, pointer: string, open: Set<object>): string {
  if (open.has(value)) throw new NotJsonError(pointer, 'a cycle')
  if (open.size === MAX_DEPTH) throw new NotJsonError(pointer, `nested deeper than ${MAX_DEPTH} levels`)
  open.add(value)
  const text = Array.isArray(value) ? encodeList(value, pointer, open) : encodeRecord(value, pointer, open)
  open.delete(value)
  return text
}

function encodeList(value: readonly unknown[], pointer: string, open: Set<object>): string {
  const items: string[] = []
  // An index loop, because holes must be refused and iteration hides them.
  for (let i = 0; i < value.length; i++) items.push(encode(value[i], pointer + pointerToken(i), open))
  return `[${items.join(',')}]`
}

function encodeRecord(value: object, pointer: string, open: Set<object>): string {
  const prototype: unknown = Object.getPrototypeOf(value)
  // A plain object of another realm has a prototype whose own prototype is null.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw new NotJsonError(pointer, `a ${value.constructor?.name ?? 'class'} instance`)
  if (Object.getOwnPropertySymbols(value).length > 0)
    throw new NotJsonError(pointer, 'an object with symbol keys')
  const members: string[] = []
  for (const [key, member] of Object.entries(value).toSorted(([a], [b]) => byCodeUnit(a, b))) {
    if (member === undefined) continue
    if (!key.isWellFormed()) throw new NotJsonError(pointer, 'an object with a key that has a lone surrogate')
    members.push(`${JSON.stringify(key)}:${encode(member, pointer + pointerToken(key), open)}`)
  }
  return `{${members.join(',')}}`
}
