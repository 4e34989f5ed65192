// index.ts — Tenon from a program: what the command does, as functions.
export {
  build,
  type BuildOptions,
  type BuildResult,
  type FailedStep,
  type ResultArtifact,
} from './commands/build.ts'
export { checkReproducible, type Checked } from './commands/check-reproducible.ts'
export { exportFolder, type Exported } from './commands/export/export-folder.ts'
export { listObjects, storeUsage, type ListedObject, type StoreUsage } from './commands/store/objects.ts'
export { objectNamed, objectsOfTarget, pathInfo, type PathInfo } from './commands/store/path-info.ts'
export {
  collectStore,
  verifyStore,
  type Collection,
  type Problem,
  type Repaired,
  type Verified,
} from './commands/store/upkeep.ts'
export { logOf } from './commands/log.ts'
export { planTarget, type PlanView, type StepView } from './commands/plan-view.ts'
export { runTarget } from './commands/run.ts'
export { shellAt } from './commands/shell.ts'
export { sourceOf } from './commands/source.ts'
export { updateLock, type LockChange } from './commands/update.ts'
export { whyTarget, type Change, type StepVerdict, type WhyView } from './commands/why.ts'
export type { BuildEvent, StepLabel } from './report/event.ts'
export { CodedError } from '../dsl/plan/coded-error.ts'
export type { Json, JsonObject } from '../dsl/plan/json.ts'
export type { Plan, PlannedPackage, PlannedStep } from '../dsl/plan/plan.ts'
