// path-translation.ts — between the paths a step is told and those of this machine, for the rungs that can't mount.
import { basename, join } from 'node:path'
import type { Json, JsonObject } from '../../../dsl/plan/json.ts'
import { hasOwnRoot } from '../rung/rung.ts'
import { isPlain, type StepSpec } from './spec.ts'

type Pair = readonly [logical: string, physical: string]

/** Longest first, so that a path inside another is found before it. */
function pairsOf(spec: StepSpec): readonly Pair[] {
  const pairs: Pair[] = [
    ...spec.inputs.map(({ path, physical }): Pair => [path, physical]),
    ...spec.outputs.map(({ path }): Pair => [path, join(spec.place.store, basename(path))]),
    ['/build', spec.place.build],
    ['/tenon/step', spec.place.step],
  ]
  return pairs.toSorted(([a], [b]) => b.length - a.length)
}

/** Every string in the value with its paths made physical; the value itself on rungs that mount. */
export function toPhysical<T extends Json>(spec: StepSpec, value: T): T {
  if (hasOwnRoot(spec.rung)) return value
  const pairs = pairsOf(spec)
  return mapStrings(value, (text) =>
    pairs.reduce((moved, [from, to]) => replacePath(moved, from, to), text),
  ) as T // strings stay strings
}

/** The inverse, for what a step answers. */
export function toLogical<T extends Json>(spec: StepSpec, value: T): T {
  if (hasOwnRoot(spec.rung)) return value
  const plain = spec.workTrees.filter(isPlain)
  const pairs = [...plain.map(({ path, physical }): Pair => [path, physical]), ...pairsOf(spec)]
  const longest = pairs.toSorted(([, a], [, b]) => b.length - a.length)
  return mapStrings(value, (text) =>
    longest.reduce((moved, [to, from]) => replacePath(moved, from, to), text),
  ) as T // strings stay strings
}

/** Where a path begins: not inside another one, but right after an option letter (`-I/build/include`). */
const BEFORE = String.raw`(?:(?<![\w./-])|(?<=(?:^|\s)-\w))`
const AFTER = String.raw`(?![\w.-])`

function replacePath(text: string, from: string, to: string): string {
  if (!text.includes(from)) return text
  return text.replace(new RegExp(BEFORE + escapedForPattern(from) + AFTER, 'g'), () => to)
}

function escapedForPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function mapStrings(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item: Json) => mapStrings(item, change))
  const members = Object.entries(value as JsonObject) // no list, no scalar: the one case left
  return Object.fromEntries(members.map(([key, member]) => [key, mapStrings(member, change)]))
}
