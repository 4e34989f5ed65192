// results.ts — a run of the benchmarks as a file; `latest` is this machine's last run, `release` the committed one.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Machine } from './machine.ts'
import type { RowResult } from './row.ts'

export interface Results {
  readonly format: 1
  readonly at: string // date
  readonly machine: Machine
  readonly rows: readonly RowResult[]
}

export type ResultsName = 'latest' | 'release'

const fileOf = (name: ResultsName): string => join(dirname(import.meta.dirname), 'results', `${name}.json`)

export function writeResults(name: ResultsName, results: Results): void {
  const file = fileOf(name)
  mkdirSync(dirname(file), { recursive: true })
  const rounded = (_: string, value: unknown): unknown =>
    typeof value === 'number' ? Math.round(value * 1000) / 1000 : value
  writeFileSync(file, JSON.stringify(results, rounded, 1) + '\n')
}

/** @throws when there are none, or of another format. */
export function readResults(name: ResultsName): Results {
  if (!existsSync(fileOf(name)))
    throw new Error(`there are no results at ${fileOf(name)}: npm run bench makes them`)
  const results = JSON.parse(readFileSync(fileOf(name), 'utf8')) as Results // only writeResults makes these files
  if (results.format !== 1) throw new Error(`${fileOf(name)} has format ${String(results.format)}, not 1`)
  return results
}
