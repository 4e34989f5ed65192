// last-build.ts — which actions the last build of a target came to: what `why` compares with and where `log` looks.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { digestOf, type Digest } from '../../dsl/plan/digest.ts'
import type { Engine } from '../engines/engine.ts'
import type { Target, TargetName } from './target.ts'

export interface RememberedStep {
  readonly key: Digest
  readonly failed: boolean
}
/** By `<chain>@<step>`. */
export type LastBuild = Readonly<Record<string, RememberedStep>>

/** Steps that this build did not come to keep what an earlier one left. */
export function rememberBuild(
  engine: Engine,
  target: Target,
  steps: ReadonlyMap<number, RememberedStep>,
): void {
  const file = fileOf(engine.store.home, target.name)
  const before = lastBuild(engine.store.home, target.name)
  const now = Object.fromEntries([...steps].map(([index, step]) => [nameOf(engine, index), step]))
  const text = JSON.stringify({ ...before, ...now })
  if (text === JSON.stringify(before)) return
  const fresh = `${file}.${process.pid}`
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(fresh, text)
    renameSync(fresh, file)
  } catch {
    rmSync(fresh, { force: true }) // no room: `why` knows less, and the build ends as it would have
  }
}

/** Empty when the target was never built. */
export function lastBuild(home: string, target: TargetName): LastBuild {
  try {
    return JSON.parse(readFileSync(fileOf(home, target), 'utf8')) as LastBuild // only rememberBuild writes it
  } catch {
    return {}
  }
}

function nameOf(engine: Engine, index: number): string {
  const step = engine.plan.steps[index]
  return `${step?.chain ?? '?'}@${step?.name ?? '?'}`
}

function fileOf(home: string, target: TargetName): string {
  return join(home, 'cache', 'last-builds', `${digestOf(`${target.file}#${target.exportName}`)}.json`)
}
