// node.ts — the folder at /tenon/interpreter of a node step: the runner, and where Node is mounted. The runner is node-runner.ts and what it imports.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { canonicalJson } from '../../../dsl/plan/json.ts'
import { digestOf, shortHash } from '../../../dsl/plan/digest.ts'

/** Set by the bundler: node-runner.ts with its imports as one CommonJS file, which Node loads 15 ms sooner than modules. */
declare const TENON_NODE_RUNNER: string | undefined

const made = new Map<string, string>()

/** Physical; made once in a home. `node-runner.cjs` is the file to start, `node` an empty one. */
export function nodeInterpreterDirectory(home: string): string {
  const directory = made.get(home) ?? makeOnce(home)
  made.set(home, directory)
  return directory
}

function makeOnce(home: string): string {
  const files =
    typeof TENON_NODE_RUNNER === 'string' ? { 'node-runner.cjs': TENON_NODE_RUNNER } : fromSources()
  const name = shortHash(digestOf(canonicalJson(files)))
  const directory = join(home, 'cache', 'interpreter', name)
  if (existsSync(directory)) return directory
  const part = `${directory}.${process.pid}`
  mkdirSync(part, { recursive: true })
  for (const [name, text] of Object.entries({ ...files, node: '' })) writeFileSync(join(part, name), text)
  try {
    renameSync(part, directory)
  } catch (error) {
    rmSync(part, { recursive: true })
    if (!existsSync(directory)) throw error // else another process was first
  }
  return directory
}

/** From a checkout: the same modules side by side, without their types, so that the step's Node need not strip them. */
function fromSources(): Readonly<Record<string, string>> {
  const plan = join(import.meta.dirname, '../../../dsl/plan')
  const sources = [
    ...['node-runner', 'command', 'command-words'].map((name) => join(import.meta.dirname, `${name}.ts`)),
    ...['digest', 'json', 'placeholder'].map((name) => join(plan, `${name}.ts`)),
  ]
  const modules = sources.map((file) => [`${nameOf(file)}.mjs`, moduleText(readFileSync(file, 'utf8'))])
  return { ...Object.fromEntries(modules), 'node-runner.cjs': "require('./node-runner.mjs')" }
}

function moduleText(source: string): string {
  return stripTypeScriptTypes(source).replace(/(from .\.)[^']*\/([^'/]+)\.ts'/g, "$1/$2.mjs'")
}

function nameOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1, -'.ts'.length)
}
