// site.ts — remembers where in a build file a value was made. Reading the stack is left to whoever needs a position.
import type { Site } from '../chain/node.ts'

// Enough for our own frames and a step library's wrapper; formatting waits until someone reads the stack.
const FRAMES = 12

export function here(): Site {
  const before = Error.stackTraceLimit
  Reflect.set(Error, 'stackTraceLimit', FRAMES)
  const site = new Error('here')
  Reflect.set(Error, 'stackTraceLimit', before)
  return site
}
