// page.ts — puts the tables of a run into a page of the documentation, between two marks.
import { markdown } from './report.ts'
import type { Results } from './results.ts'

const BEGIN = '<!-- begin: npm run bench -- --release -->'
const END = '<!-- end -->'

/** @throws when the page lacks the marks. */
export function intoPage(page: string, { at, rows }: Results, machine: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (begin === -1 || end < begin) throw new Error(`the page needs a line ${BEGIN} and, below it, ${END}`)
  const body = `Measured ${at.slice(0, 10)} on ${machine}.\n\n${markdown(rows)}`
  return `${page.slice(0, begin)}${BEGIN}\n\n${body}\n\n${page.slice(end)}`
}
