// splice.ts — replaces parts of a source text so that whatever stays keeps its line, and mostly its column.

export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Edits may not overlap; of two at one place the first given comes first. Removed text becomes blanks. */
export function splice(source: string, edits: readonly Edit[]): string {
  const ordered = edits.toSorted((a, b) => a.start - b.start || a.end - b.end)
  let result = ''
  let at = 0
  for (const { start, end, text } of ordered) {
    if (start < at) throw new Error(`edits overlap at ${start}`)
    result += source.slice(at, start) + text + padding(source, start, end, text)
    at = end
  }
  return result + source.slice(at)
}

/** What must follow `text` for the next character to stand where it stood. */
function padding(source: string, start: number, end: number, text: string): string {
  const replaced = source.slice(start, end)
  const missingLines = lineBreaks(replaced) - lineBreaks(text)
  if (missingLines > 0)
    return '\n'.repeat(missingLines) + ' '.repeat(end - source.lastIndexOf('\n', end - 1) - 1)
  if (missingLines < 0 || lineBreaks(text) > 0) return ''
  return ' '.repeat(Math.max(0, end - start - text.length))
}

function lineBreaks(text: string): number {
  return text.split('\n').length - 1
}

/** The gaps between `kept` ranges, as edits that blank them. */
export function blanksBetween(
  source: string,
  kept: readonly { readonly start: number; readonly end: number }[],
): Edit[] {
  const edits: Edit[] = []
  let at = 0
  for (const { start, end } of kept.toSorted((a, b) => a.start - b.start)) {
    if (start > at) edits.push({ start: at, end: start, text: '' })
    at = Math.max(at, end)
  }
  if (at < source.length) edits.push({ start: at, end: source.length, text: '' })
  return edits
}
