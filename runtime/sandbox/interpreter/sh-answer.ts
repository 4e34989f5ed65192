// sh-answer.ts — the document of a sh body: what it wrote itself, its `output` calls, and the artifacts it made without saying so.
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { pointerKeys, type Json, type JsonObject } from '../../../dsl/plan/json.ts'

export interface ShellAnswer {
  /** The text of response.json, when the script wrote one. */
  readonly response: string | undefined
  /** Records of `output` and `output_json`: kind, name, value, each ended by NUL, which no shell value can hold. */
  readonly fields: string
  /** Of the request: path by pointer. */
  readonly outputs: Json | undefined
  readonly isThere: (path: string) => boolean
}

/** @throws CodedError TN3015 when output_json got something that is not JSON. */
export function composeShellAnswer({ response, fields, outputs, isThere }: ShellAnswer): string {
  const written = response === undefined ? {} : parsed(response)
  // What is not an object has no fields to add to: handed on as it is, for validation to refuse.
  if (!isObject(written)) return response ?? ''
  const document: Record<string, Json> = { ...written }
  for (const [name, value] of fieldsOf(fields)) setOwn(document, name, value)
  for (const [pointer, path] of Object.entries(isObject(outputs) ? outputs : {}))
    if (typeof path === 'string' && isThere(path)) fill(document, pointerKeys(pointer), path)
  return JSON.stringify(document)
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json // what JSON.parse gives
  } catch {
    return undefined
  }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function* fieldsOf(records: string): Generator<[name: string, value: Json]> {
  const parts = records.split('\0')
  for (let i = 0; i + 2 < parts.length; i += 3) {
    const [kind, name = '', text = ''] = parts.slice(i, i + 3)
    const value = kind === 'json' ? parsed(text) : text
    if (value === undefined)
      throw new CodedError(
        'TN3015',
        `output_json ${name} got ${JSON.stringify(text.slice(0, 80))}, which is not JSON`,
        {
          hint: `for a string use: output ${name} "$value"`,
        },
      )
    yield [name, value]
  }
}

/** Sets the member at `path` unless it or something in its way is set. */
function fill(document: Record<string, Json>, path: readonly string[], value: string): void {
  const [name, ...rest] = path
  if (name === undefined) return
  const present = Object.hasOwn(document, name) ? document[name] : undefined
  if (rest.length === 0) {
    if (present === undefined) setOwn(document, name, value)
  } else if (present === undefined || isObject(present)) {
    const inner: Record<string, Json> = { ...present }
    fill(inner, rest, value)
    setOwn(document, name, inner)
  }
}

/** As JSON.parse does: `__proto__` is a name like others. */
function setOwn(document: Record<string, Json>, name: string, value: Json): void {
  Object.defineProperty(document, name, { value, enumerable: true, writable: true, configurable: true })
}
