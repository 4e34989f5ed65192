// define-step.ts — defineStep: a typed step from its schemas and its body. Checking what JavaScript passes is definition.ts's.
import type { CarryMode } from '../chain/node.ts'
import type { HostOperation } from '../plan/plan.ts'
import type { AnySchema, In, Nothing, Out } from '../types/schema-type.ts'
import type { BodyContext, Returned } from './body-context.ts'
import { checkedDefinition } from './definition.ts'
import { parsedParams } from './params.ts'
import type { Loose } from './ref.ts'
import { here } from './site.ts'
import { stepValue, type Step } from './step.ts'
import type { ToolValue } from './tools.ts'

/** The hash that the output must have, as SRI; without one, tenon.lock's entry for `lockKey`. */
export interface FixedOutput {
  readonly hash?: string | undefined
  readonly lockKey?: string | undefined
}
type FixedOutputOf<P> = (params: P) => FixedOutput
/** Only a step whose output is known by its hash may use the network. */
interface NetworkNeedsFixedOutput<P> {
  readonly fixedOutput: FixedOutputOf<P>
}

interface Common<N extends string, I extends AnySchema, O extends AnySchema, P extends AnySchema, M, W> {
  /** Its name in a chain, unless `.as` gives another. */
  readonly name: N
  readonly params?: P
  readonly input?: I
  readonly output: O
  /** 'carry': the output is laid over the document that the step got. Default: the output is the next document. */
  readonly mode?: M
  readonly tools?: readonly ToolValue[] | ((params: Out<P>) => readonly ToolValue[])
  /** Default: one hour. */
  readonly timeoutMs?: number
  readonly fixedOutput?: FixedOutputOf<Out<P>>
  readonly network?: W
  /** It gets or alters source and builds nothing of it: `tenon source` runs such steps. Default: true for host steps alone. */
  readonly preparesSource?: boolean
}
type Body<I extends AnySchema, O extends AnySchema, P extends AnySchema> =
  | {
      readonly run: (
        context: BodyContext<Out<I>, Out<P>, Out<O>>,
      ) => Returned<In<O>> | Promise<Returned<In<O>>>
      /** 'quickjs' starts in a fraction of node's time and has nothing of node: no imports from it, none of its globals. Default: 'node'. */
      readonly interpreter?: 'node' | 'quickjs' // ModuleInterpreter, by its names: messages show them
      readonly script?: never
      readonly host?: never
    }
  | {
      /** sh text: it reads `$in_<field>` and `$param_<name>`, and sets `$out_<field>` or calls `output NAME VALUE`. */
      readonly script: string | ((params: Out<P>) => string)
      readonly run?: never
      readonly interpreter?: never
      readonly host?: never
    }
  | {
      readonly host: HostOperation
      readonly run?: never
      readonly interpreter?: never
      readonly script?: never
    }

type ParamsOf<N extends string, P> = [keyof P] extends [never]
  ? [params?: Readonly<Record<string, `✗ '${N}' takes no params`>>]
  : {} extends P
    ? [params?: { readonly [K in keyof P]: Loose<P[K]> }]
    : [params: { readonly [K in keyof P]: Loose<P[K]> }]
/** Makes uses of one step. Any member of the params, at any depth, may be a reference. */
export type StepFactory<N extends string, I, O, M extends CarryMode, P> = (
  ...params: ParamsOf<N, P>
) => Step<N, I, O, M>

/**
 * A step of one's own. Exactly one of `run` (TypeScript, in a process of its own), `script` (sh) and `host` is its body.
 * @throws CodedError TN1301 for unknown keys, TN1303 for a definition that is incomplete or contradicts itself, TN1304
 *   for network access without a declared hash.
 */
export function defineStep<
  const N extends string,
  O extends AnySchema,
  I extends AnySchema = Nothing,
  P extends AnySchema = Nothing,
  const M extends CarryMode = 'map',
  W extends true | undefined = undefined,
>(
  definition: Common<N, I, O, P, M, W> &
    Body<I, O, P> &
    ([W] extends [true] ? NetworkNeedsFixedOutput<Out<P>> : {}),
): StepFactory<N, In<I>, Out<O>, NoInfer<M>, In<P>>
export function defineStep(options: unknown): unknown {
  const definition = checkedDefinition(options)
  return Object.freeze((params?: unknown) =>
    stepValue(
      Object.freeze({
        kind: 'step',
        name: definition.name,
        definition,
        params: parsedParams(definition, params),
        site: here(),
      }),
    ),
  )
}
