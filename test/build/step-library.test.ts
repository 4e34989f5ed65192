// step-library.test.ts — a library of steps, published as compiled JavaScript, works as its TypeScript sources do.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Project, ROOT } from '../project.ts'

const LIBRARY = {
  'count.ts': `// count.ts — counts the lines of a file.
import { z } from 'zod'
import { defineStep, workTree } from 'tenon'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { linesOf } from './lines.ts'

interface Options { readonly skipEmpty: boolean }
const options: Options = { skipEmpty: true }
/** Counts lines. */
export const count = defineStep({
  name: 'count',
  mode: 'carry',
  params: z.object({ file: z.string() }),
  input: z.object({ src: workTree() }),
  output: z.object({ lines: z.number().int() }),
  async run({ input, params }): Promise<{ lines: number }> {
    const text: string = readFileSync(join(input.src, params.file), 'utf8')
    return { lines: linesOf(text, options.skipEmpty).length }
  },
})
`,
  'lines.ts': `export function linesOf(text: string, skipEmpty: boolean): readonly string[] {
  return text.split('\\n').filter((line) => !skipEmpty || line !== '')
}
`,
  'index.ts': `export { count } from './count.ts'\n`,
}
const build = (library: string): string => `import { chain, defineStep, workTree } from 'tenon'
import { z } from 'zod'
import * as fs from 'node:fs'
import { count } from '${library}'
const write = defineStep({ name: 'write', output: z.object({ src: workTree() }), async run({ out }) {
  fs.mkdirSync(out.src)
  fs.writeFileSync(out.src + '/text', 'one\\n\\ntwo\\n')
  return { src: out.src }
} })
const nothing = defineStep({ name: 'nothing', output: z.object({ n: z.number() }), script: 'output_json n 1' })
export default chain('counting', write(), count({ file: 'text' }))
`

test('a published step library builds what its sources build, with the same keys, checked by its types', async () => {
  const project = new Project()
  const folder = 'node_modules/@example/steps'
  project.write({
    'published.ts': build('@example/steps'),
    'wrong.ts': build('@example/steps').replace("file: 'text'", 'file: 42'),
    'unfit.ts': build('@example/steps').replace('write(), ', 'nothing(), '),
    'own.ts': build('./sources/index.ts'),
    ...Object.fromEntries(Object.entries(LIBRARY).map(([name, text]) => [`sources/${name}`, text])),
    [`${folder}/package.json`]: JSON.stringify({
      name: '@example/steps',
      version: '1.0.0',
      type: 'module',
      exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
      peerDependencies: { tenon: '*', zod: '*' },
    }),
    'publish.json': JSON.stringify({
      compilerOptions: {
        target: 'ES2024',
        lib: ['ES2024'],
        module: 'NodeNext',
        strict: true,
        declaration: true,
        rewriteRelativeImportExtensions: true,
        skipLibCheck: true,
        types: ['node'],
        rootDir: 'sources',
        outDir: `${folder}/dist`,
      },
      include: ['sources'],
    }),
  })
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
  const published = spawnSync(process.execPath, [compiler, '-p', 'publish.json'], {
    cwd: project.directory,
    encoding: 'utf8',
  })
  assert.equal(published.status, 0, published.stdout)
  assert.ok(readdirSync(join(project.directory, folder, 'dist')).every((name) => /\.(js|d\.ts)$/.test(name)))
  assert.ok(existsSync(join(project.directory, folder, 'dist/index.js')))

  const fromSources = await project.build('own.ts')
  assert.equal((fromSources.document as { lines: number }).lines, 2)
  const fromPackage = await project.build('published.ts')
  assert.deepEqual(fromPackage.document, fromSources.document)
  assert.deepEqual([fromPackage.ran, fromPackage.found], [[], ['write', 'count']])

  await assert.rejects(project.build('wrong.ts'), { code: 'TN1000', message: /number/ })
  await assert.rejects(project.build('unfit.ts'), {
    code: 'TN1000',
    message: /'nothing' → 'count': \.src is missing/,
  })
})
