// site.ts — remembers where in a build file a value was made. Reading the stack is left to whoever needs a position.
import type { Site } from '../chain/node.ts'

// Enough for our own frames and a step library's wrapper; formatting waits until someone reads the stack.
const FRAMES = 8

export function here(): Site {
  const before = Error.stackTraceLimit
  Reflect.set(Error, 'stackTraceLimit', FRAMES)
  const site: Site = {}
  Error.captureStackTrace(site, here) // a third cheaper than an Error
  Reflect.set(Error, 'stackTraceLimit', before)
  return site
}
