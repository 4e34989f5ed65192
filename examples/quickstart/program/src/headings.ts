// headings.ts — finds the headings of a Markdown text. Leaves links to slug.ts.

export interface Heading {
  readonly depth: number // 1 for `#`
  readonly text: string
}

/** ATX headings (`## Like this ##`), those in fenced code left out. */
export function headings(markdown: string): readonly Heading[] {
  const found: Heading[] = []
  let fence: string | null = null
  for (const line of markdown.split(/\r?\n/)) {
    const mark = /^ {0,3}(```+|~~~+)/.exec(line)?.[1]
    if (mark !== undefined) {
      if (fence === null) fence = mark
      else if (mark.startsWith(fence)) fence = null
      continue
    }
    const match = fence === null ? /^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/.exec(line) : null
    if (match?.[1] !== undefined && match[2] !== undefined)
      found.push({ depth: match[1].length, text: match[2] })
  }
  return found
}
