// source.ts — a package's prepared source: what its chain has made before anything is built from it.
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { build, type BuildOptions, type BuildResult } from './build.ts'
import { loadTarget } from './target.ts'

/**
 * Builds up to the last step of those at the chain's beginning that say `preparesSource`, or up to the step that is named.
 * @throws CodedError TN6107 when no step at the beginning says so.
 */
export async function sourceOf(options: BuildOptions): Promise<BuildResult> {
  if (options.step !== null) return await build(options)
  const target = await loadTarget(options)
  const end = target.steps.findIndex(({ preparesSource }) => !preparesSource)
  const last = target.steps[(end === -1 ? target.steps.length : end) - 1]
  if (last === undefined)
    throw new CodedError(
      'TN6107',
      `the chain '${target.package.name}' does not say where its source is ready`,
      {
        hint: `name the step: tenon source <target>@<step>; its steps: ${target.steps.map(({ name }) => name).join(', ')}`,
      },
    )
  return await build({ ...options, step: last.name })
}
