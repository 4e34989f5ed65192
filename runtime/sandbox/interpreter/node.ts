// node.ts — the files that run a module body, as text to be laid into a step's folder. They are node-runner.ts and what it imports.
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'

/** Set by the bundler: node-runner.ts with its imports as one module. */
declare const TENON_NODE_RUNNER: string | undefined

/** Text by file name below the step's folder; `node-runner.mjs` is the one to start. */
export function nodeRunnerFiles(): Readonly<Record<string, string>> {
  files ??= typeof TENON_NODE_RUNNER === 'string' ? { 'node-runner.mjs': TENON_NODE_RUNNER } : fromSources()
  return files
}
let files: Readonly<Record<string, string>> | undefined

/** From a checkout: the same modules side by side, without their types, so that the step's Node need not strip them. */
function fromSources(): Readonly<Record<string, string>> {
  const plan = join(import.meta.dirname, '../../../dsl/plan')
  const sources = [
    ...['node-runner', 'command', 'command-words'].map((name) => join(import.meta.dirname, `${name}.ts`)),
    ...['digest', 'json', 'placeholder'].map((name) => join(plan, `${name}.ts`)),
  ]
  return Object.fromEntries(
    sources.map((file) => [`${nameOf(file)}.mjs`, moduleText(readFileSync(file, 'utf8'))]),
  )
}

function moduleText(source: string): string {
  return stripTypeScriptTypes(source).replace(/(from .\.)[^']*\/([^'/]+)\.ts'/g, "$1/$2.mjs'")
}

function nameOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1, -'.ts'.length)
}
