// environment.ts — all the variables a step gets. What a rung's own tools add is removed by the interpreter's start.

/** Seconds: 1980-01-01, the earliest time that zip can carry. */
export const SOURCE_DATE_EPOCH = 315532800

export function stepEnvironment(toolTrees: readonly string[]): Record<string, string> {
  return {
    PATH: [...toolTrees.map((tree) => `${tree}/bin`), '/usr/bin', '/bin'].join(':'),
    HOME: '/tmp',
    TMPDIR: '/tmp',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    SOURCE_DATE_EPOCH: String(SOURCE_DATE_EPOCH),
  }
}

/** Node hands these variables to every child unless they are named: laid over what a child is to get. */
export const NEVER_INHERITED = { NODE_V8_COVERAGE: undefined } as const
