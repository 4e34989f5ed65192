// type-cost.ts — what a build file costs the type checker over the types that users get. What it may cost is left to the tests.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from './temporary-folder.ts'

const root = join(import.meta.dirname, '..')
const folder = temporaryFolder('type-cost')

export interface TypeCost {
  /** Repeats exactly, as seconds do not. */
  readonly instantiations: number
  readonly errors: readonly string[]
}

const known = new Map<string, TypeCost>()
export function typeCost(source: string): TypeCost {
  const cost = known.get(source) ?? measured(source)
  known.set(source, cost)
  return cost
}

function measured(source: string): TypeCost {
  const compilerOptions = {
    paths: {
      tenon: [join(root, 'dist/dsl/index.d.ts')],
      zod: [join(root, 'node_modules/zod/index.d.ts')],
    },
    typeRoots: [join(root, 'node_modules/@types')],
  }
  const config = { extends: join(root, 'tsconfig.json'), compilerOptions, include: ['build.mts'] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  writeFileSync(join(folder, 'build.mts'), source)
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const args = [tsc, '-p', folder, '--pretty', 'false', '--noErrorTruncation', '--extendedDiagnostics']
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  const figure = /^Instantiations:\s+(\d+)$/m.exec(stdout)?.[1]
  assert.ok(figure !== undefined, stdout)
  return {
    instantiations: Number(figure),
    errors: stdout.split('\n').filter((line) => /error TS\d+: /.test(line)),
  }
}
