// step-boundary.ts — what handing a tree to the next step costs when that step touches 10 files of it: alone by the size of the tree?
import { join } from 'node:path'
import type { Row } from '../measure/bench.ts'
import { interleave, type Side } from '../measure/rounds.ts'
import { ratio } from '../measure/row.ts'
import { Workspace } from '../measure/workspace.ts'

const FILES_IN_FOLDER = 100
const STEPS = 42 // one costs little beside a build's start; below the 64 layers at which a tree is stored whole

const buildFile = (files: number): string => `import { mkdirSync, writeFileSync } from 'node:fs'
import { chain, defineStep, workTree } from 'tenon'
import { z } from 'zod'

const src = z.object({ src: workTree() })
const grow = defineStep({
  name: 'grow',
  params: z.object({ folders: z.number(), files: z.number() }),
  output: src,
  run({ params, out }) {
    for (let d = 0; d < params.folders; d++) {
      mkdirSync(\`\${out.src}/d\${d}\`, { recursive: true })
      for (let f = 0; f < params.files; f++) writeFileSync(\`\${out.src}/d\${d}/f\${f}\`, \`file \${f} of folder \${d}\\n\`)
    }
    return { src: out.src }
  },
})
const touch = defineStep({
  name: 'touch',
  params: z.object({ text: z.string() }),
  input: src,
  output: src,
  script: 'for i in 0 1 2 3 4 5 6 7 8 9; do echo "$param_text" >> "$in_src/d$((i % 5))/f$i"; done',
})

export default chain(
  'boundary',
  grow({ folders: ${files / FILES_IN_FOLDER}, files: ${FILES_IN_FOLDER} }),
  ${Array.from({ length: STEPS }, (_, i) => `touch({ text: '${i}' }).as('touch-${i}')`).join(', ')},
)
`

/** Milliseconds of one touching step: of a build that runs all that are left, less that of one which runs the first alone. */
function boundary(directory: string, label: string, files: number): Side {
  const workspace = new Workspace(directory)
  workspace.write({ 'build.ts': buildFile(files) })
  workspace.tenon(['check'])
  return {
    label,
    prepare: () => {
      workspace.emptyStore()
      workspace.build(['@grow', '--no-link'])
    },
    run: () => {
      const first = workspace.build(['@touch-0', '--no-link']).durationMs
      return (workspace.build(['--no-link']).durationMs - first) / (STEPS - 2)
    },
  }
}

export const stepBoundary: Row = {
  name: 'step-boundary',
  title: 'one step that touches 10 files of a tree, by the size of the tree',
  measure: (bench) => {
    const figures = interleave(
      [
        boundary(join(bench.directory, 'large'), '50,000 files', 50_000),
        boundary(join(bench.directory, 'small'), '500 files', 500),
      ],
      bench.rounds(3),
    )
    const [large, small] = figures
    const claims = large && small ? [ratio(large, small, { better: 'lower', target: 2 })] : []
    return { figures, claims }
  },
}
