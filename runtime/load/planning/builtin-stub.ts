// builtin-stub.ts — stands for a module of Node while planning: uses are reported by name, imports alone are not.
import { posix } from 'node:path'
import type { Report } from './purity.ts'

/** Functions of node:path that only look at their arguments. */
const PURE_PATH = [
  'join',
  'dirname',
  'basename',
  'extname',
  'normalize',
  'isAbsolute',
  'parse',
  'format',
  'sep',
  'delimiter',
]

/**
 * @param isStrict reading a member counts as use. In packages only calling one does, because many take members out
 *   of a module when they load and never need them.
 */
export function builtinStub(name: string, isStrict: boolean, report: Report): unknown {
  const pure = ['path', 'path/posix'].includes(name) ? purePath() : {}
  return standIn(name, (member, path) => {
    if (Object.hasOwn(pure, member)) return Reflect.get(pure, member) as unknown
    if (isStrict) return report(path)
    return standIn(path, undefined, report)
  }, report) // prettier-ignore
}

function purePath(): object {
  return Object.fromEntries(PURE_PATH.map((name) => [name, Reflect.get(posix, name) as unknown]))
}

type ReadMember = (member: string, path: string) => unknown

function standIn(path: string, read: ReadMember | undefined, report: Report): unknown {
  const use = (): never => report(path)
  const proxy: unknown = new Proxy(function () {}, {
    get(_, key) {
      // Bundled code asks for these of every module that it imports.
      if (key === '__esModule' || key === 'default' || key === 'prototype')
        return key === 'default' ? proxy : undefined
      if (typeof key === 'symbol') return key === Symbol.toPrimitive ? use : undefined
      const member = `${path}.${key}`
      return read === undefined ? standIn(member, undefined, report) : read(key, member)
    },
    has: () => true,
    ownKeys: () => ['prototype'],
    getPrototypeOf: () => proxy as object, // a Proxy is one
    apply: use,
    construct: use,
    set: use,
  })
  return proxy
}
