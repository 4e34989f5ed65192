// run.ts — `npm run bench [-- row…] [--rounds n] [--release]`: measures, prints, writes results/latest.json.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import type { Row } from './measure/bench.ts'
import { thisMachine, type Machine } from './measure/machine.ts'
import { intoPage } from './measure/page.ts'
import { terminalText } from './measure/report.ts'
import { writeResults, type Results } from './measure/results.ts'
import type { RowResult } from './measure/row.ts'
import { autotools } from './rows/autotools.ts'
import { driverMemory } from './rows/driver-memory.ts'
import { modules } from './rows/modules.ts'
import { noOp } from './rows/no-op.ts'
import { planning } from './rows/planning.ts'
import { stepBoundary } from './rows/step-boundary.ts'
import { nodeChain, shChain } from './rows/step-chain.ts'
import { typeCheck } from './rows/type-check.ts'

const ROWS: readonly Row[] = [
  shChain,
  nodeChain,
  noOp,
  stepBoundary,
  autotools,
  planning,
  typeCheck,
  modules,
  driverMemory,
]
const PAGE = join(import.meta.dirname, '../docs/benchmarks.md')

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string' }, release: { type: 'boolean' } },
})

/** @throws for what is not asked rightly. */
function chosenRows(): readonly Row[] {
  const unknown = positionals.filter((name) => !ROWS.some((row) => row.name === name))
  if (unknown.length > 0)
    throw new Error(`no row ${unknown.join(', ')}; there are ${ROWS.map(({ name }) => name).join(', ')}`)
  if (values.release === true && positionals.length > 0) throw new Error('--release needs all rows')
  return positionals.length === 0 ? ROWS : ROWS.filter(({ name }) => positionals.includes(name))
}

function measure(row: Row): RowResult {
  const directory = mkdtempSync(join(tmpdir(), `tenon-bench-${row.name}-`))
  const head = { name: row.name, title: row.title }
  const asked = values.rounds === undefined ? null : Math.max(1, Number.parseInt(values.rounds, 10))
  try {
    const result = row.measure({ directory, rounds: (usual) => asked ?? usual })
    return { ...head, ...result, failure: null }
  } catch (error) {
    return {
      ...head,
      figures: [],
      claims: [],
      failure: error instanceof Error ? error.message : String(error),
    }
  } finally {
    execFileSync('chmod', ['-R', 'u+w', directory]) // stored folders are read-only
    rmSync(directory, { recursive: true, force: true })
  }
}

function machineText({ cores, processor, memoryGB, kernel, node, peers }: Machine): string {
  const versions = Object.entries(peers).map(([name, version]) => `${name}: ${version ?? 'not installed'}`)
  return `${cores} cores (${processor}), ${memoryGB} GB, Linux ${kernel}, Node ${node}; ${versions.join('; ')}`
}

const rows = chosenRows()
const machine = thisMachine()
console.log(machineText(machine) + '\n')
const measuredRows = rows.map((row) => {
  const result = measure(row)
  console.log(terminalText(result))
  return result
})
const results: Results = { format: 1, at: new Date().toISOString(), machine, rows: measuredRows }
writeResults('latest', results)
const failed = measuredRows.some(({ failure }) => failure !== null)
if (failed) process.exitCode = 1
if (values.release === true && !failed) {
  writeResults('release', results)
  writeFileSync(PAGE, intoPage(readFileSync(PAGE, 'utf8'), results, machineText(machine)))
}
if (values.release === true && failed) console.log('a row failed: results/release.json stays as it was')
