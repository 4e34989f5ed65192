// index.ts — the entry 'tenon': what build authors import. It gathers; every name is defined elsewhere.
import { bodyHandle } from './body.ts'
import { planModule } from './realm.ts'

export { chain, type Chain } from './chain/chain.ts'
export { parallel } from './chain/parallel.ts'
export { record } from './chain/record.ts'
export { when } from './chain/when.ts'
export { dep, type Dep } from './modules/declare/dep.ts'
export {
  defineModule,
  type AnyModule,
  type Assertion,
  type Module,
  type ModuleContext,
  type Warning,
} from './modules/declare/module.ts'
export { flag, option, type Option } from './modules/declare/option.ts'
export { submodules } from './modules/declare/submodules.ts'
export {
  mkAfter,
  mkBefore,
  mkDefault,
  mkForce,
  mkIf,
  mkOrder,
  type Weighted,
} from './modules/declare/weight.ts'
export { evalModules } from './modules/package/eval-modules.ts'
export { definePackage, type Package } from './modules/package/package.ts'
export { versions, type Versions } from './modules/package/versions.ts'
export { CodedError } from './plan/coded-error.ts'
export { instantiate } from './realm.ts'
export {
  file,
  tree,
  workTree,
  type Artifact,
  type File,
  type Tree,
  type WorkTree,
} from './schema/artifact.ts'
export { file3, tree3, workTree3 } from './schema/artifact3.ts'
export { type Argument, type BodyContext, type Shell } from './step/body-context.ts'
export { defineStep, type FixedOutput, type StepFactory } from './step/define-step.ts'
export { type Files } from './step/files.ts'
export { localFile } from './step/local-file.ts'
export { type Loose, type Ref, type Refs } from './step/ref.ts'
export { type Step } from './step/step.ts'
export { hostTools, type HostTools, type ToolValue } from './step/tools.ts'
export { type AnyStep } from './types/walk.ts'

/** @internal What the loader calls in the realm that a build file runs in. */
export const __tenon = { planModule, bodyHandle }
