// runner-folder.ts — the folder at /tenon/interpreter of a step with a module body: its runner, as text made once in a home.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { canonicalJson } from '../../../dsl/plan/json.ts'
import { digestOf, shortHash } from '../../../dsl/plan/digest.ts'

const made = new Map<string, string>()

/** Physical. `files`: text by name; `kind` says which they are in one process. */
export function runnerFolder(
  home: string,
  kind: string,
  files: () => Readonly<Record<string, string>>,
): string {
  const key = `${kind}\0${home}`
  const directory = made.get(key) ?? makeOnce(home, files())
  made.set(key, directory)
  return directory
}

function makeOnce(home: string, files: Readonly<Record<string, string>>): string {
  const directory = join(home, 'cache', 'interpreter', shortHash(digestOf(canonicalJson(files))))
  if (existsSync(directory)) return directory
  const part = `${directory}.${process.pid}`
  mkdirSync(part, { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(part, name), text)
  try {
    renameSync(part, directory)
  } catch (error) {
    rmSync(part, { recursive: true })
    if (!existsSync(directory)) throw error // else another process was first
  }
  return directory
}

/** From a checkout: modules of sandbox/ (as `interpreter/command`) and of dsl/plan, side by side and without their types. */
export function modulesAsText(names: readonly string[]): Readonly<Record<string, string>> {
  const root = join(import.meta.dirname, '../../..')
  return Object.fromEntries(
    names.map((name) => [
      `${flat(name)}.mjs`,
      moduleText(readFileSync(join(root, `${name}.ts`), 'utf8'), name),
    ]),
  )
}

function moduleText(source: string, name: string): string {
  const folder = join('/', name, '..')
  return stripTypeScriptTypes(source).replace(
    /(from )'(\.[^']*)\.ts'/g,
    (_, from: string, path: string) => `${from}'./${flat(join(folder, path).slice(1))}.mjs'`,
  )
}

/** The runner is known by its name; two modules of one name stand in different folders. */
function flat(name: string): string {
  return name.replace(/^runtime\/sandbox\//, '').replaceAll('/', '-')
}
