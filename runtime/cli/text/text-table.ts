// text-table.ts — rows of words in columns.
import { columnsOf, padColumns } from '../../report/terminal-text.ts'

/** Columns that are empty below their heading are left out. */
export function textTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const used = heading.map((_, column) => rows.some((row) => (row[column] ?? '') !== ''))
  const kept = [heading, ...rows].map((row) => row.filter((_, column) => used[column]))
  const widths =
    kept[0]?.map((_, column) => Math.max(...kept.map((row) => columnsOf(row[column] ?? '')))) ?? []
  return kept
    .map(
      (row) =>
        row
          .map((cell, column) => padColumns(cell, widths[column] ?? 0))
          .join('  ')
          .trimEnd() + '\n',
    )
    .join('')
}
