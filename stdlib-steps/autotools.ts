// autotools.ts — what configure scripts and makefiles of C packages expect to find. A default, never a must.
import { z } from 'zod'
import { type HostTools, type ToolValue, hostTools, tree, type Tree } from 'tenon'

// Debian's build-essential and its like; whole packages come along (coreutils by `install`).
const AUTOTOOLS = [
  'ar', 'as', 'awk', 'cc', 'cmp', 'cp', 'diff', 'egrep', 'expr', 'find', 'gcc', 'grep', 'install', 'ld', 'make', 'nm', 'ranlib',
  'sed', 'sh', 'strip', 'xargs',
] // prettier-ignore

/** Params that all steps with the machine's tools share. */
export const toolParams = {
  /** Commands of the machine, as for hostTools. */
  tools: z.array(z.string()).default(AUTOTOOLS),
  /** Trees whose `bin` goes on PATH before them. */
  toolTrees: z.array(tree()).default([]),
}

export function toolsOf({
  tools,
  toolTrees,
}: {
  readonly tools: readonly string[]
  readonly toolTrees: readonly Tree[]
}): readonly ToolValue[] {
  const host: readonly HostTools[] = tools.length === 0 ? [] : [hostTools(...tools)]
  return [...toolTrees, ...host]
}
