// purity.ts — makes the planning realm refuse the clock, randomness and the machine's settings; reports each use.
import type { Context } from 'node:vm'

/** Records the use and throws in the caller. */
export type Report = (what: string) => never

/** What the patches below touch of a realm's global object. */
interface RealmGlobal {
  Date: DateConstructor
  Math: Math
  Intl: typeof Intl
  String: StringConstructor
  Number: NumberConstructor
  BigInt: BigIntConstructor
  Array: ArrayConstructor
}

export function forbidImpure(realm: Context, report: Report): void {
  const global = realm as unknown as RealmGlobal // a fresh context has the language's own globals
  global.Math.random = () => report('Math.random')
  global.Date = pureDate(global.Date, report)
  forbidDefaultLocale(global, report)
}

/** Their result depends on the time zone of the machine. */
const LOCAL_DATE_METHODS = (
  'getFullYear getMonth getDate getDay getHours getMinutes getSeconds getMilliseconds getYear getTimezoneOffset ' +
  'setFullYear setMonth setDate setHours setMinutes setSeconds setMilliseconds setYear ' +
  'toString toDateString toTimeString toLocaleString toLocaleDateString toLocaleTimeString'
).split(' ')

function pureDate(original: DateConstructor, report: Report): DateConstructor {
  const prototype: object = original.prototype
  for (const name of LOCAL_DATE_METHODS)
    Object.defineProperty(prototype, name, {
      value: () => report(`Date.prototype.${name}, which depends on the time zone`),
      configurable: true,
      writable: true,
    })
  return new Proxy(original, {
    apply: () => report('Date()'),
    construct(target, args: unknown[], newTarget) {
      if (args.length === 0) return report('new Date()')
      if (args.length > 1) return report('new Date(year, month, …), which depends on the time zone')
      refuseLocalText(args[0], report)
      return Reflect.construct(target, args, newTarget) as object // Date's construct gives an object
    },
    get(target, key, receiver) {
      if (key === 'now') return () => report('Date.now')
      if (key === 'parse')
        return (text: string) => {
          refuseLocalText(text, report)
          return target.parse(text)
        }
      return Reflect.get(target, key, receiver) as unknown
    },
  })
}

/** A date alone counts as UTC, a date with a time and no zone as local: ECMA-262, section 21.4.3.2. */
function refuseLocalText(value: unknown, report: Report): void {
  if (typeof value !== 'string') return
  const isUniversal =
    /^[+-]?\d{4,6}(?:-\d\d){0,2}$/.test(value) || /(?:Z|GMT|UTC?|[+-]\d\d:?\d\d)$/i.test(value)
  if (!isUniversal) report(`the date ${JSON.stringify(value)}, which depends on the time zone`)
}

/** Methods that take locales as argument `at`. */
const LOCALE_METHODS = [
  ['String', 'localeCompare', 1],
  ['String', 'toLocaleLowerCase', 0],
  ['String', 'toLocaleUpperCase', 0],
  ['Number', 'toLocaleString', 0],
  ['BigInt', 'toLocaleString', 0],
  ['Array', 'toLocaleString', 0],
] as const

function forbidDefaultLocale(global: RealmGlobal, report: Report): void {
  for (const [owner, name, at] of LOCALE_METHODS) {
    const prototype: object = global[owner].prototype
    const original: unknown = Reflect.get(prototype, name)
    const value = function (this: unknown, ...args: unknown[]): unknown {
      if (args[at] === undefined) report(`${owner}.prototype.${name} without a locale`)
      return Reflect.apply(original as () => unknown, this, args) // a method of the language
    }
    Object.defineProperty(prototype, name, { value, configurable: true, writable: true })
  }
  for (const name of Object.getOwnPropertyNames(global.Intl)) {
    const original: unknown = Reflect.get(global.Intl, name)
    if (typeof original !== 'function' || !/^[A-Z]/.test(name)) continue
    Reflect.set(global.Intl, name, localised(name, original, report))
  }
}

/** A formatter must be told its locale, and a date formatter its time zone. */
function localised(name: string, original: object, report: Report): unknown {
  const judge = ([locales, options]: unknown[]): void => {
    if (locales === undefined) report(`Intl.${name} without a locale`)
    const zone =
      typeof options === 'object' && options !== null && 'timeZone' in options ? options.timeZone : undefined
    if (name === 'DateTimeFormat' && zone === undefined) report('Intl.DateTimeFormat without a timeZone')
  }
  return new Proxy(original as new (...args: unknown[]) => object, {
    // the constructors of Intl
    apply(target, self: unknown, args: unknown[]) {
      judge(args)
      return Reflect.apply(target as unknown as () => unknown, self, args) // callable without new
    },
    construct(target, args: unknown[], newTarget) {
      judge(args)
      return Reflect.construct(target, args, newTarget) as object // an Intl object
    },
  })
}
