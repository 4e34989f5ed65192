// site.ts — remembers where in a build file a value was made. Reading the stack is left to whoever needs a position.
import type { Site } from '../chain/node.ts'
import type { PropertyPath } from '../plan/plan.ts'

// Enough for our own frames and a step library's wrapper; formatting waits until someone reads the stack.
const FRAMES = 8

/** The call in the build file that led here. `property`: what of its arguments is meant. */
export function here(property: PropertyPath = []): Site {
  const before = Error.stackTraceLimit
  Reflect.set(Error, 'stackTraceLimit', FRAMES)
  const site: Site = { property }
  Error.captureStackTrace(site, here) // a third cheaper than an Error
  Reflect.set(Error, 'stackTraceLimit', before)
  return site
}

/** A member of what was written at `site`. */
export function inside(site: Site, ...names: PropertyPath): Site {
  return {
    get stack() {
      return site.stack
    },
    property: [...(site.property ?? []), ...names],
  }
}
