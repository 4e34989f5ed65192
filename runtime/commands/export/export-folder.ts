// export-folder.ts — a result and all that it refers to as a folder that works elsewhere, without Tenon.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { pointerKeys } from '../../../dsl/plan/json.ts'
import { withFileErrors } from '../../store/files/file-error.ts'
import { removeTree } from '../../store/files/remove-tree.ts'
import { storeBaseName } from '../../store/store-path.ts'
import { Store } from '../../store/store.ts'
import { build, type BuildOptions, type BuildResult } from '../build.ts'
import { type Program, programsOf } from '../programs.ts'
import { directLauncher, mountingLauncher } from './launcher.ts'

export interface Exported {
  readonly folder: string
  /** Objects in its `store`. */
  readonly objects: number
  /** Names in its `bin`. */
  readonly programs: readonly string[]
}

/**
 * `bin` starts programs, `store` holds the objects, `result` leads to what the target is; `root` is where a launcher mounts.
 * @throws CodedError TN5070 when something is at `folder`, TN5071, TN5072
 */
export async function exportFolder(
  options: BuildOptions,
  folder: string,
): Promise<{ readonly result: BuildResult; readonly exported: Exported | null }> {
  refuseToReplace(folder)
  const result = await build(options)
  if (!result.ok) return { result, exported: null }
  const programs = uniquePrograms(result)
  const store = Store.open(options.home)
  const fresh = `${folder}.tenon-${process.pid}`
  try {
    const exported = withFileErrors(`export to ${folder}`, folder, () => {
      mkdirSync(dirname(folder), { recursive: true })
      const objects = fill(fresh, store, result, programs)
      renameSync(fresh, folder)
      return { folder, objects, programs: programs.map(({ name }) => name) }
    })
    return { result, exported }
  } finally {
    removeTree(fresh) // nothing is there any more when all went well
  }
}

function refuseToReplace(folder: string): void {
  if (!existsSync(folder) || (statSync(folder).isDirectory() && readdirSync(folder).length === 0)) return
  throw new CodedError('TN5070', `${folder} exists and is not an empty folder`, {
    hint: 'Name another place, or remove it.',
  })
}

function uniquePrograms({ artifacts }: BuildResult): readonly Program[] {
  if (artifacts.length === 0)
    throw new CodedError('TN5072', 'the target has no files: there is nothing to export', {
      hint: 'A field of type file(), tree() or workTree() holds files.',
    })
  const programs = programsOf(artifacts)
  const twice = programs.filter(({ name }, i) => programs.findIndex((other) => other.name === name) !== i)
  if (twice.length === 0) return programs
  throw new CodedError(
    'TN5071',
    `two programs of the target are called ${twice.map(({ name }) => name).join(', ')}`,
    {
      hint: 'Export the packages one by one.',
    },
  )
}

/** How many objects there are in it. */
function fill(
  folder: string,
  store: Store,
  { artifacts }: BuildResult,
  programs: readonly Program[],
): number {
  for (const name of ['bin', 'store', 'root']) mkdirSync(join(folder, name), { recursive: true })
  const objects = store.closure(artifacts.map(({ object }) => object))
  for (const { path } of objects) store.materialise(path, join(folder, 'store', storeBaseName(path)))
  for (const { pointer, object } of artifacts) {
    const field = pointerKeys(pointer).join('.').replaceAll('/', '_')
    const name = artifacts.length === 1 ? 'result' : `result-${field}`
    symlinkSync(join('store', storeBaseName(object)), join(folder, name))
  }
  for (const program of programs) {
    const file = join(folder, 'bin', program.name)
    writeFileSync(file, launcherOf(store, program))
    chmodSync(file, 0o755)
  }
  return objects.length
}

function launcherOf(store: Store, { object, path }: Program): string {
  const [only, ...others] = store.closure([object])
  const isFree = others.length === 0 && only?.selfReferences === false
  return isFree ? directLauncher(`store/${storeBaseName(path)}`) : mountingLauncher(path)
}
