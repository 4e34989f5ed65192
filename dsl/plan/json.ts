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
  return encode(value, { open: [], keys: [] })
}

/** The same of a value that nobody changes, made once. */
export function canonicalOnce(value: JsonObject): string {
  const text = texts.get(value) ?? canonicalJson(value)
  texts.set(value, text)
  return text
}
const texts = new WeakMap<JsonObject, string>()

const MAX_DEPTH = 500 // far from where the call stack ends

/** The objects around a value, outermost first, and the key by which each leads to it: a pointer only when one is told. */
interface Walk {
  readonly open: object[]
  readonly keys: (string | number)[]
}

function notJson({ keys }: Walk, found: string): NotJsonError {
  return new NotJsonError(keys.map(pointerToken).join(''), found)
}

function encode(value: unknown, walk: Walk): string {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw notJson(walk, 'a string with a lone surrogate')
      return JSON.stringify(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'number':
      if (!Number.isFinite(value)) throw notJson(walk, String(value))
      if (Object.is(value, -0)) throw notJson(walk, '-0')
      return JSON.stringify(value)
    case 'object':
      return value === null ? 'null' : encodeObject(value, walk)
    case 'undefined':
    case 'bigint':
    case 'symbol':
    case 'function':
      throw notJson(walk, typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`)
  }
}

function encodeObject(value: object, walk: Walk): string {
  const { open, keys } = walk
  if (open.includes(value)) throw notJson(walk, 'a cycle')
  if (open.length === MAX_DEPTH) throw notJson(walk, `nested deeper than ${MAX_DEPTH} levels`)
  open.push(value)
  keys.push('')
  const text = Array.isArray(value) ? encodeList(value, walk) : encodeRecord(value, walk)
  keys.pop()
  open.pop()
  return text
}

function encodeList(value: readonly unknown[], walk: Walk): string {
  const last = walk.keys.length - 1
  let text = '['
  // An index loop, because holes must be refused and iteration hides them.
  for (let i = 0; i < value.length; i++) {
    walk.keys[last] = i
    text += (i === 0 ? '' : ',') + encode(value[i], walk)
  }
  return text + ']'
}

function encodeRecord(value: object, walk: Walk): string {
  const names = Object.keys(value)
  const refusal = refusalOf(value, names)
  const last = walk.keys.length - 1
  if (refusal !== null) {
    walk.keys.length = last // the object itself, none of its members
    throw notJson(walk, refusal)
  }
  let text = ''
  // Without a function it compares by code unit, as byCodeUnit does, in a fraction of the time.
  for (const key of names.sort()) {
    const member = (value as Readonly<Record<string, unknown>>)[key] // one of its own keys
    if (member === undefined) continue
    walk.keys[last] = key
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${encode(member, walk)}`
  }
  return `{${text}}`
}

/** Why an object is no record of JSON; null when it is one. */
function refusalOf(value: object, names: readonly string[]): string | null {
  const prototype: unknown = Object.getPrototypeOf(value)
  // A plain object of another realm has a prototype whose own prototype is null.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    return `a ${value.constructor?.name ?? 'class'} instance`
  if (Object.getOwnPropertySymbols(value).length > 0) return 'an object with symbol keys'
  return names.every((name) => name.isWellFormed()) ? null : 'an object with a key that has a lone surrogate'
}
