// layer.ts — the definition of a module on top of others, as a package takes it: checked together with what is below it.
import type { Beside, OnTop } from '../../types/supply.ts'
import type { ModuleDefinition } from './module.ts'
import type { SuppliesOf, VetImports, VetSteps } from './vet-steps.ts'

type Below<V, I> = Beside<V, SuppliesOf<I>>
/** `B`, `V`: options and supplies of what is below. */
export type Layer<B, V, O, D, I, G, R, St> = ModuleDefinition<
  B,
  O,
  D,
  I,
  G,
  R,
  VetSteps<Below<V, I>, St>,
  VetImports<Below<V, I>, I, St>
>
/** The supplies with that module. */
export type Layered<V, O, D, I, St> = OnTop<Below<V, I>, St, keyof O | keyof D | keyof St>
