// versions.ts — versions(): one package in several versions that exist side by side; what is said of all may hit one.
import { CodedError } from '../../plan/coded-error.ts'
import type { PropertyPath } from '../../plan/plan.ts'
import { nearest } from '../../step/nearest.ts'
import type { Deps } from '../declare/dep.ts'
import type { AnyModule, Reach } from '../declare/module.ts'
import type { Options } from '../declare/option.ts'
import type { GivenSteps } from '../declare/vet-steps.ts'
import type { Layer, Layered } from '../declare/layer.ts'
import type { Settled, SuggestedConfig, VetConfig } from '../declare/vet.ts'
import { isPlain } from '../../step/object-schema.ts'
import type { Package } from './package.ts'

/** Packages by version. */
export interface Versions<N extends string, O, V, K extends string> {
  readonly versions: Readonly<Record<K, Package<N, O, V>>>
  readonly default: Package<N, O, V>
  /** Every version with one more module on top: `mkIf(() => config.version === '1.2', …)` in it hits one. */
  extend<
    const O2 extends Options = {},
    const D2 extends Deps = {},
    const I2 extends readonly AnyModule[] = [],
    const G extends SuggestedConfig<Reach<O, I2, O2, D2>> = {},
    const R extends Settled = undefined,
    const St extends GivenSteps | undefined = undefined,
  >(
    definition: Layer<O, V, O2, D2, I2, G, R, St>,
  ): Versions<N, Reach<O, I2, O2, D2>, Layered<V, O2, D2, I2, St>, K>
}

type Table<T, O> = { readonly [K in keyof T]: VetConfig<T[K], O, {}> }

/**
 * What each version sets: `versions(zlib, { '1.2': { version: '1.2.13' }, '1.3': { version: '1.3.1' } }, '1.3')`.
 * @throws CodedError TN1514 when the default is none of them.
 */
export function versions<
  N extends string,
  O,
  V,
  const T extends Readonly<Record<string, SuggestedConfig<O>>>,
>(
  base: Package<N, O, V>,
  table: T extends Table<T, O> ? T : Table<T, O>,
  byDefault: keyof T & string,
): Versions<N, O, V, keyof T & string>
export function versions(base: Extensible, table: unknown, byDefault: string): unknown {
  const entries = Object.entries(isPlain(table) ? table : {})
  const packages = entries.map(([version, config]) => [version, base.extend({ config }, [1, version])])
  return grouped(Object.fromEntries(packages), byDefault)
}

interface Extensible {
  /** `at`: the definition among the arguments of the caller. */
  extend(definition: unknown, at?: PropertyPath): Extensible
}

function grouped(packages: Readonly<Record<string, Extensible>>, byDefault: string): object {
  const chosen = Object.hasOwn(packages, byDefault) ? packages[byDefault] : undefined
  if (chosen === undefined)
    throw new CodedError('TN1514', `there is no version '${byDefault}' to be the default`, {
      hint: nearest(byDefault, Object.keys(packages)),
    })
  const extend = (definition: unknown): object =>
    grouped(
      Object.fromEntries(
        Object.entries(packages).map(([version, each]) => [version, each.extend(definition)]),
      ),
      byDefault,
    )
  return Object.freeze({ versions: Object.freeze(packages), default: chosen, extend })
}
