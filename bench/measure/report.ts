// report.ts — results as text: aligned for a terminal, as a table for docs/benchmarks.md. Prints nothing.
import { isMet, type Claim, type Figure, type RowResult, type Unit } from './row.ts'
import { median } from './statistics.ts'

export function amount(value: number, unit: Unit | '×'): string {
  const digits = unit === 'types' || value >= 1000 ? 0 : value >= 100 ? 1 : 2
  return `${value.toFixed(digits)} ${unit}`
}

function spread(samples: readonly number[], unit: Unit): string {
  if (samples.length < 2) return ''
  return `${amount(Math.min(...samples), unit)} … ${amount(Math.max(...samples), unit)}, ${samples.length} rounds`
}

function figureCells(figure: Figure): readonly string[] {
  if (figure.kind === 'not-run') return [figure.label, 'not run', figure.reason]
  return [figure.label, amount(median(figure.samples), figure.unit), spread(figure.samples, figure.unit)]
}

function targetText({ target, better, unit }: Claim): string {
  return target === null ? '' : `${better === 'higher' ? '≥' : '≤'} ${String(target)} ${unit}`
}

export function verdict(claim: Claim): string {
  const met = isMet(claim)
  if (met !== null) return met ? 'met' : 'missed'
  return claim.target === null ? '' : 'not measured'
}

const valueText = ({ value, unit }: Claim): string => (value === null ? '—' : amount(value, unit))

function aligned(lines: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = []
  for (const cells of lines)
    for (const [at, cell] of cells.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length)
  return lines.map((cells) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

export function terminalText(row: RowResult): string {
  const head = `${row.name}: ${row.title}`
  if (row.failure !== null) return `${head}\n  FAILED: ${row.failure}\n`
  const claims = row.claims.map((claim) => [
    claim.label,
    valueText(claim),
    [targetText(claim) && `target ${targetText(claim)}`, verdict(claim)].filter(Boolean).join(': '),
  ])
  const lines = aligned([...row.figures.map(figureCells), ...claims]).map((line) => `  ${line}`)
  return [head, ...lines, ''].join('\n')
}

/** Two tables: what the targets say, and every figure. */
export function markdown(rows: readonly RowResult[]): string {
  const table = (head: readonly string[], lines: readonly (readonly string[])[]): string =>
    [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
  const claims = rows.flatMap((row) =>
    row.claims.map((claim) => [row.name, claim.label, valueText(claim), targetText(claim), verdict(claim)]),
  )
  const figures = rows.flatMap((row) => row.figures.map((figure) => [row.name, ...figureCells(figure)]))
  return [
    table(['row', 'what', 'value', 'target', ''], claims),
    '',
    table(['row', 'figure', 'median', 'least … most'], figures),
  ].join('\n')
}
