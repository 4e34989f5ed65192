// contents.ts — headings as a nested list of links.
import { type Heading, headings } from './headings.ts'
import { slugger } from './slug.ts'

/** Headings deeper than `maxDepth` are left out; the shallowest stand at the margin. */
export function tableOfContents(markdown: string, maxDepth: number): string {
  const slug = slugger()
  const lines = headings(markdown).map((heading) => ({ ...heading, anchor: slug(heading.text) }))
  const shown = lines.filter(({ depth }) => depth <= maxDepth)
  const margin = Math.min(...shown.map(({ depth }: Heading) => depth))
  return shown
    .map(({ depth, text, anchor }) => `${'  '.repeat(depth - margin)}- [${text}](#${anchor})\n`)
    .join('')
}
