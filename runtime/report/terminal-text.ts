// terminal-text.ts — text that can't harm a terminal and fits its width.
import { stripVTControlCharacters } from 'node:util'

/** What a terminal would show of one log line: no escape sequences, only what follows the last carriage return. */
export function visibleText(line: string): string {
  const shown = stripVTControlCharacters(line).replace(/\r+$/, '')
  return shown
    .slice(shown.lastIndexOf('\r') + 1)
    .replaceAll('\t', ' ')
    .replaceAll(/\p{Cc}|[\u202a-\u202e\u2066-\u2069\u2028\u2029]/gu, '')
}

const ZERO_WIDTH = /^(?:\p{Mn}|\p{Me}|\p{Cf})$/u
const DOUBLE_WIDTH =
  /^[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u

function characterWidth(character: string): number {
  if (character >= ' ' && character <= '~') return 1
  if (ZERO_WIDTH.test(character)) return 0
  return DOUBLE_WIDTH.test(character) ? 2 : 1
}

/** How many columns `text` takes; it holds no escape sequences. */
export function columnsOf(text: string): number {
  let columns = 0
  for (const character of text) columns += characterWidth(character)
  return columns
}

/** `text` in at most `columns` columns, with `…` where it was cut. */
export function truncate(text: string, columns: number): string {
  if (columns <= 0) return ''
  if (columnsOf(text) <= columns) return text
  let kept = ''
  let used = 0
  for (const character of text) {
    used += characterWidth(character)
    if (used > columns - 1) break
    kept += character
  }
  return kept + '…'
}

export function padColumns(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)))
}
