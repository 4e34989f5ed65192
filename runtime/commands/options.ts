// options.ts — the options of a target's package, as planning lists them. Puts no package together and runs nothing.
import { CodedError } from '../../dsl/plan/coded-error.ts'
import type { ListedOption } from '../../dsl/plan/plan.ts'
import { lockedHashes } from './lock.ts'
import { load } from '../load/load.ts'
import { projectRoot } from '../load/project-root.ts'
import { currentPlatform } from './platform.ts'
import type { LoadTargetOptions } from './target.ts'

/** Raised when a field changes its meaning. */
const OPTIONS_VIEW_VERSION = 1

export interface OptionsView {
  readonly format: typeof OPTIONS_VIEW_VERSION
  readonly target: { readonly file: string; readonly export: string }
  readonly package: string
  readonly options: readonly ListedOption[] // in order of their paths, internal ones left out
}

/** Types are not checked: a wrong value is a reason to look here. @throws CodedError TN1517, and TN1xxx of the build file. */
export async function optionsOf({ file, exportName, home }: LoadTargetOptions): Promise<OptionsView> {
  const context = {
    platform: currentPlatform(),
    locked: lockedHashes(projectRoot(file)),
    only: 'options',
  } as const
  const { options = {}, otherExports } = await load({ file, home, context, typeCheck: false })
  const listing = Object.hasOwn(options, exportName) ? options[exportName] : undefined
  if (listing === undefined) throw noOptions(file, exportName, Object.keys(options), otherExports)
  return {
    format: OPTIONS_VIEW_VERSION,
    target: { file, export: exportName },
    package: listing.package,
    options: listing.options.filter(({ internal }) => !internal),
  }
}

function noOptions(
  file: string,
  exportName: string,
  packages: readonly string[],
  others: readonly string[],
): CodedError {
  const isThere = others.includes(exportName)
  const fact = isThere
    ? `the export '${exportName}' of ${file} has no options: it is not made of modules`
    : `${file} has no export '${exportName}'`
  const hint =
    packages.length === 0
      ? 'Packages with options are made with definePackage.'
      : `Packages with options: ${packages.map((name) => `#${name}`).join(', ')}.`
  return new CodedError('TN1517', fact, { hint })
}
