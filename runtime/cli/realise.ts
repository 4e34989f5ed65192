// realise.ts — flags to the options of a build; how its end becomes an exit code and JSON lines.
import { availableParallelism } from 'node:os'
import { pointerToken, type Json, type JsonObject } from '../../dsl/plan/json.ts'
import type { BuildOptions, BuildResult } from '../commands/build.ts'
import { configuredMirrors } from '../fetch/configured-mirrors.ts'
import { EVENT_SCHEMA_VERSION } from '../report/event.ts'
import { parseGranularity } from '../schedule/grouping.ts'
import type { Reporter } from '../report/reporter.ts'
import type { Context } from './context.ts'
import { EXIT, exitCodeOfFailures } from './process/exit-code.ts'
import { progressReporter } from './progress.ts'
import { parseTarget, type Target } from './target.ts'

/** Runs `work` with the options that the words and flags ask for; the terminal is in order again afterwards. */
export async function withBuildOptions<R>(
  context: Context,
  work: (options: BuildOptions, target: Target, reporter: Reporter) => Promise<R>,
): Promise<R> {
  const { flags, words } = context.invocation
  const target = parseTarget(words[0] ?? '', context.directory)
  const reporter = progressReporter(context, target.text)
  const options: BuildOptions = {
    file: target.file,
    exportName: target.exportName,
    step: target.step,
    home: context.home,
    jobs: flags.jobs ?? availableParallelism(),
    keepGoing: flags['keep-going'],
    keepFailed: flags['keep-failed'],
    force: flags.force,
    frozen: flags.frozen,
    granularity: parseGranularity(flags.granularity ?? 'auto'),
    offline: flags.offline,
    mirrors: configuredMirrors(context.environment, flags.mirror),
    rung: flags.sandbox ?? 'auto',
    signal: context.interrupt.signal,
    onEvent: reporter.onEvent,
  }
  try {
    return await work(options, target, reporter)
  } finally {
    reporter.close()
  }
}

/** Interrupted counts more than failed: a step that was stopped failed of that. */
export function exitCodeOfBuild(context: Context, result: BuildResult): number {
  const interrupted = context.interrupt.exitCode()
  if (interrupted !== null) return interrupted
  if (result.ok) return EXIT.ok
  return exitCodeOfFailures(result.failures.map(({ error }) => error))
}

/** The last line of `--json`. */
export function resultRecord(result: BuildResult): JsonObject {
  return {
    schema: EVENT_SCHEMA_VERSION,
    kind: 'result',
    ok: result.ok,
    document: result.document,
    artifacts: result.artifacts.map(({ pointer, kind, object, place }) => ({
      pointer,
      kind,
      object,
      physical: place.isLayered ? null : place.path,
    })),
    failed: result.failures.map(({ label }) => ({
      index: label.index,
      chain: label.chain,
      step: label.step,
    })),
  }
}

/** The document as a person uses it: artifacts are where their files are on this machine; a tree in layers has no such place. */
export function documentForPeople(result: BuildResult): Json {
  const places = new Map(
    result.artifacts.map(({ pointer, object, place }) => [pointer, place.isLayered ? object : place.path]),
  )
  const placed = (value: Json, at: string): Json => {
    const place = places.get(at)
    if (place !== undefined) return place
    if (typeof value !== 'object' || value === null) return value
    const below = (key: string | number): string => at + pointerToken(key)
    if (Array.isArray(value)) return value.map((item: Json, i) => placed(item, below(i)))
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, placed(member, below(key))]))
  }
  return placed(result.document, '')
}
