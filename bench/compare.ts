// compare.ts — `npm run bench:compare [-- --tolerance 0.25] [--strict]`: the last run against the last release.
import { parseArgs } from 'node:util'
import { compare, comparisonText } from './measure/comparison.ts'
import { readResults } from './measure/results.ts'

const { values } = parseArgs({
  options: { tolerance: { type: 'string', default: '0.25' }, strict: { type: 'boolean', default: false } },
})
const tolerance = Number(values.tolerance)
if (!(tolerance >= 0)) throw new Error(`--tolerance ${values.tolerance} is no share such as 0.25`)

try {
  const comparison = compare(readResults('release'), readResults('latest'), tolerance)
  console.log(comparisonText(comparison))
  if (values.strict && comparison.worse.length > 0) process.exitCode = 1
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 2
}
