// layer.ts — the definition of a module on top of others, as a package takes it: checked together with what is below it.
import type { Module as StepRecord } from '../../types/modules.ts'
import type { ModuleDefinition, StepsOfAll } from './module.ts'
import type { GivenSteps, VetRecords, VetSteps } from './vet-steps.ts'

type Records<Ss extends readonly StepRecord[], I> = [...Ss, ...StepsOfAll<I>]
// Without steps of its own, what does not fit can only stand in its imports.
type VetImports<Ss extends readonly StepRecord[], I, St> = [keyof St] extends [never]
  ? VetRecords<Records<Ss, I>, I>
  : I

/** `B`, `Ss`: options and step records of what is below. */
export type Layer<
  B,
  Ss extends readonly StepRecord[],
  O,
  D,
  I,
  G,
  R,
  St extends GivenSteps,
> = ModuleDefinition<B, O, D, I, G, R, VetSteps<Records<Ss, I>, St>, VetImports<Ss, I, St>>
