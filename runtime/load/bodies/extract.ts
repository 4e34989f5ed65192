// extract.ts — one module: its bodies bundled, and what remains of it for planning; remembered by content.
import { existsSync } from 'node:fs'
import { bodyFile } from '../body-file.ts'
import { readEntry, writeEntry } from '../cache-entry.ts'
import { toolFiles } from '../own-package.ts'
import { packageFilesOf } from '../package-files.ts'
import { stampAll } from '../stamp.ts'
import { bodySource } from './body-source.ts'
import { bundleBody } from './bundle-body.ts'
import { loadCompiler } from './compiler.ts'
import { analyseModule } from './module-analysis.ts'
import { planView } from './plan-view.ts'
import { positionOf } from './position.ts'
import { sliceOf } from './slice.ts'

export interface Extracted {
  /** The module's text for planning, in its own language. */
  readonly view: string
  readonly bodies: readonly string[]
  /** All files that the bodies hold code of, this module among them; absolute. */
  readonly inputs: readonly string[]
}

/** @throws CodedError TN11xx. */
export async function extractModule(file: string, text: string, home: string): Promise<Extracted> {
  const startedAtMs = Date.now()
  // Only the line below writes entries of this kind.
  const known = readEntry(home, 'modules', file) as Extracted | undefined
  if (known?.bodies.every((digest) => existsSync(bodyFile(home, digest))) === true) return known
  const extracted = await extractedAnew(file, text, home)
  const stamps = stampAll(
    [...extracted.inputs, ...packageFilesOf(extracted.inputs), ...toolFiles()],
    startedAtMs,
  )
  if (stamps !== undefined) writeEntry(home, 'modules', file, stamps, extracted)
  return extracted
}

async function extractedAnew(file: string, text: string, home: string): Promise<Extracted> {
  await loadCompiler()
  const module = analyseModule(file, text)
  const cuts = await Promise.all(
    module.definitions.map(async (definition) => {
      const slice = sliceOf(module, definition)
      const position = positionOf(module, definition.run)
      const source = bodySource(module, slice)
      const { label, interpreter } = definition
      const body = await bundleBody({ file, source, home, label, position, interpreter })
      return { slice, ...body }
    }),
  )
  return {
    view: planView(module, cuts),
    bodies: [...new Set(cuts.map(({ digest }) => digest))],
    inputs: [...new Set([file, ...cuts.flatMap(({ inputs }) => inputs)])],
  }
}
