// watched.ts — every path of this machine that a finished build rests on. Looks at no contents.
import { join } from 'node:path'
import type { Engine } from '../engines/engine.ts'
import { sourceParamsOf } from '../engines/host-source.ts'
import { watchedBySource } from '../fetch/source/watched.ts'
import { satisfies } from '../sandbox/choose-rung.ts'
import { loadInputs } from '../load/load.ts'
import type { Graph } from '../schedule/schedule.ts'
import { loadRequest, type Target } from './target.ts'

/** null when the result rests on more than files: then every build has to look for itself. */
export function watchedBy(engine: Engine, target: Target, graph: Graph): readonly string[] | null {
  const isWeak = [...engine.realisations.values()].some(({ rung }) => !satisfies(rung, 'supervisor'))
  const inputs = loadInputs(loadRequest(target.name.file, engine.store.home))
  if (isWeak || inputs.length === 0) return null
  const sources = [...graph.needs.keys()].flatMap((index) => {
    const step = engine.plan.steps[index]
    if (step?.body.kind !== 'host' || step.body.operation !== 'source') return []
    return watchedBySource(sourceParamsOf(engine, step), engine.projectRoot, engine.store.home)
  })
  return [...inputs, join(engine.projectRoot, 'tenon.lock'), ...sources, ...machine(engine)]
}

/** The interpreter, and what the fingerprint of host tools is made of. */
function machine({ hostFiles }: Engine): readonly string[] {
  return [process.execPath, '/var/lib/dpkg/status', ...hostFiles]
}
