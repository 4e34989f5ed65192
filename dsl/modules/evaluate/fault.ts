// fault.ts — errors of modules: each place that has a part in one is named. Finding file and line is left to the loader.
import type { Site } from '../../chain/node.ts'
import { CodedError, type Related } from '../../plan/coded-error.ts'
import { canonicalJson, NotJsonError } from '../../plan/json.ts'
import { refTarget, refText, textParts } from '../../step/ref.ts'

export interface Place {
  readonly fact: string
  readonly site: Site
}

export function fault(
  code: string,
  fact: string,
  hint: string,
  places: readonly Place[] = [],
  cause?: unknown,
): CodedError {
  const related = places.map(({ fact: what, site }): Related => {
    const { stack, property = [] } = site
    return stack === undefined ? { fact: what } : { fact: what, stack, property }
  })
  return new CodedError(code, fact, { hint, related, ...(cause === undefined ? {} : { cause }) })
}

/** A package in the place of a value: it has steps. */
export function isPackageValue(
  value: unknown,
): value is { readonly name: string; readonly '~node': unknown } {
  return typeof value === 'object' && value !== null && refTarget(value) === undefined && '~node' in value
}

/** A value as JSON for people: references by their names, packages too. */
export function readable(value: unknown): unknown {
  if (typeof value === 'string') return readableText(value)
  if (typeof value !== 'object' || value === null) return value
  const target = refTarget(value)
  if (target !== undefined) return `<${refText(target)}>`
  if (isPackageValue(value)) return `<${value.name}>`
  if (Array.isArray(value)) return value.map(readable)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, readable(member)]))
}

function readableText(text: string): string {
  return textParts(text)
    .map((part) => (typeof part === 'string' ? part : `<${refText(part)}>`))
    .join('')
}

/** One text for equal values, whatever the order of their keys. */
export function canonicalText(value: unknown): string {
  try {
    return canonicalJson(readable(value)) ?? ''
  } catch (error) {
    if (!(error instanceof NotJsonError)) throw error
    return String(value)
  }
}

const SHOWN = 80

export function shown(value: unknown): string {
  const text = canonicalText(value)
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN - 1)}…`
}
