// choose-rung.ts — which rung of the ladder a build uses: the one asked for, or the first that works.
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { hasOwnRoot, RUNGS } from './rung/rung.ts'
import { probeRungs, type Rung, type RungProbe } from './rungs.ts'

export interface RungChoice {
  readonly rung: Rung
  /** Why it is not one with a root of its own, and what can be done about it; null when it is one. */
  readonly weakerBecause: string | null
}

/** Whether a result made on `made` may stand for one that would be made on `wanted`. */
export function satisfies(made: string, wanted: Rung): boolean {
  return strength(made) >= strength(wanted)
}

/** Rungs with a root of their own give the same results. */
function strength(name: string): number {
  const rung = RUNGS.find((known) => known === name)
  if (rung === undefined || hasOwnRoot(rung)) return RUNGS.length
  return RUNGS.length - RUNGS.indexOf(rung)
}

/** @throws CodedError TN3780 when the rung asked for does not work here. */
export async function chooseRung(home: string, wanted: Rung | 'auto'): Promise<RungChoice> {
  const probes = await probeRungs(home)
  if (wanted !== 'auto') {
    const probe = probes.find(({ rung }) => rung === wanted)
    if (probe?.works === true)
      return { rung: wanted, weakerBecause: hasOwnRoot(wanted) ? null : 'it was asked for' }
    throw new CodedError(
      'TN3780',
      `the sandbox '${wanted}' does not work here: ${probe?.reason ?? 'unknown'}`,
      {
        hint: probe?.remedy ?? 'leave out --sandbox to use the strongest that works',
      },
    )
  }
  const works = probes.find((probe) => probe.works)
  if (works === undefined)
    throw new CodedError('TN3780', 'no way to run a step works here', {
      details: probes.map(({ rung, reason }) => `${rung}: ${reason ?? ''}`),
    })
  if (hasOwnRoot(works.rung)) return { rung: works.rung, weakerBecause: null }
  return {
    rung: works.rung,
    weakerBecause: obstacles(probes.slice(0, probes.indexOf(works))),
  }
}

/** A remedy is said once, after the last of the rungs in a row that it helps. */
function obstacles(probes: readonly RungProbe[]): string {
  const texts = probes.map(({ rung, reason, remedy }, index) => {
    const isSaidLater = remedy === null || probes[index + 1]?.remedy === remedy
    return `${rung}: ${reason ?? 'does not work'}${isSaidLater ? '' : ` (${remedy})`}`
  })
  return texts.join('; ')
}
