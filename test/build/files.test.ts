// files.test.ts — artifacts between steps: work trees, trees, files, references between packages.
import assert from 'node:assert/strict'
import { lstatSync, readFileSync, readlinkSync, symlinkSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Project } from '../project.ts'

const HEAD = `import { z } from 'zod'\nimport { chain, defineStep, file, tree, workTree, hostTools, localFile } from 'tenon'\nimport * as fs from 'node:fs'\nimport { join } from 'node:path'\n`
const { home } = new Project()
const src = `z.object({ src: workTree() })`

test('exec bits, relative and dangling links and empty directories survive a step boundary, and the next step may write', async () => {
  const project = new Project(
    {
      'build.ts': `${HEAD}
const make = defineStep({ name: 'make', output: ${src}, async run({ out }) {
  fs.mkdirSync(join(out.src, 'empty/deeper'), { recursive: true })
  fs.writeFileSync(join(out.src, 'run.sh'), '#!/bin/sh\\n', { mode: 0o755 })
  fs.writeFileSync(join(out.src, 'plain'), 'one')
  fs.symlinkSync('run.sh', join(out.src, 'relative'))
  fs.symlinkSync('../nowhere', join(out.src, 'dangling'))
  return { src: out.src }
} })
const change = defineStep({ name: 'change', input: ${src}, output: ${src}, async run({ input }) {
  fs.appendFileSync(join(input.src, 'plain'), ' two')
  fs.rmdirSync(join(input.src, 'empty/deeper'))
  fs.writeFileSync(join(input.src, 'run.sh'), fs.readFileSync(join(input.src, 'run.sh'), 'utf8') + 'echo\\n')
  return { src: input.src }
} })
export default chain('files', make(), change())
`,
    },
    home,
  )
  const { artifacts, document } = await project.build()
  assert.deepEqual(document, { src: '/build/src' })
  const place = artifacts[0]?.physical ?? ''
  assert.equal(readFileSync(join(place, 'plain'), 'utf8'), 'one two')
  assert.equal(lstatSync(join(place, 'run.sh')).mode & 0o111, 0o111)
  assert.equal(lstatSync(join(place, 'plain')).mode & 0o111, 0)
  assert.equal(readlinkSync(join(place, 'relative')), 'run.sh')
  assert.equal(readlinkSync(join(place, 'dangling')), '../nowhere')
  assert.ok(lstatSync(join(place, 'empty')).isDirectory())
  // The tree of the step before is as it was.
  const before = (await project.build('@make')).artifacts[0]?.physical ?? ''
  assert.equal(readFileSync(join(before, 'plain'), 'utf8'), 'one')
})

test('a package that names another package gets its tree at its store path, and keeps the version that it was built with', async () => {
  const build = (version: string): string => `${HEAD}
const library = defineStep({ name: 'install', params: z.object({ version: z.string() }), output: z.object({ prefix: tree() }), async run({ params, out }) {
  fs.mkdirSync(join(out.prefix, 'lib'), { recursive: true })
  fs.writeFileSync(join(out.prefix, 'lib/version'), params.version)
  fs.writeFileSync(join(out.prefix, 'lib/where'), out.prefix)
  return { prefix: out.prefix }
} })
const program = defineStep({ name: 'link', params: z.object({ flag: z.string(), lib: tree() }), output: z.object({ prefix: tree(), said: z.string() }), async run({ params, out }) {
  fs.mkdirSync(join(out.prefix, 'bin'), { recursive: true })
  fs.writeFileSync(join(out.prefix, 'bin/version'), '#!/bin/sh\\nread -r line < ' + params.lib + '/lib/version || true\\necho "$line"\\n', { mode: 0o755 })
  return { prefix: out.prefix, said: params.flag + ' ' + fs.readFileSync(join(params.lib, 'lib/version'), 'utf8') }
} })
const use = defineStep({ name: 'use', input: z.object({ prefix: tree() }), output: z.object({ printed: z.string() }), tools: [hostTools('sh')], async run({ input, $ }) {
  const { stdout } = await $\`sh \${join(input.prefix, 'bin/version')}\`
  return { printed: stdout.trim() }
} })
export const lib = chain('lib', library({ version: '${version}' }))
export const app = chain('app', program({ flag: \`--with-lib=\${lib.output.prefix}/lib\`, lib: lib.output.prefix }))
export const used = chain('used', program({ flag: 'x', lib: lib.output.prefix }), use())
`
  const project = new Project({ 'build.ts': build('one') }, home)
  const first = await project.build('#app')
  const object = (await project.build('#lib')).artifacts[0]
  assert.ok(object)
  assert.deepEqual(first.document, { ...Object(first.document), said: `--with-lib=${object.object}/lib one` })
  // Its own path, which a step writes before it is known, stands in the output.
  assert.equal(readFileSync(join(object.physical, 'lib/where'), 'utf8'), object.object)
  assert.deepEqual((await project.build('#used')).document, { printed: 'one' })

  project.write({ 'build.ts': build('two') })
  const second = await project.build('#app')
  assert.notEqual(second.artifacts[0]?.object, first.artifacts[0]?.object)
  assert.deepEqual((await project.build('#used')).document, { printed: 'two' })
  assert.match(
    readFileSync(join(first.artifacts[0]?.physical ?? '', 'bin/version'), 'utf8'),
    new RegExp(object.object),
  )
})

test('an upstream that is built again to the same content runs nothing downstream', async () => {
  const build = (comment: string): string => `${HEAD}
const made = defineStep({ name: 'made', output: z.object({ prefix: tree() }), async run({ out }) {
  fs.mkdirSync(out.prefix)
  fs.writeFileSync(join(out.prefix, 'constant'), 'content')
  ${comment}
  return { prefix: out.prefix }
} })
const read = defineStep({ name: 'read', input: z.object({ prefix: tree() }), output: z.object({ text: z.string() }), async run({ input }) {
  return { text: fs.readFileSync(join(input.prefix, 'constant'), 'utf8') }
} })
export default chain('cutoff', made(), read())
`
  const project = new Project({ 'build.ts': build('') }, home)
  await project.build()
  project.write({ 'build.ts': build(`console.log('another body, the same output')`) })
  const { ran, found } = await project.build()
  assert.deepEqual([ran, found], [['made'], ['read']])
})

test('local files and sources of the project count by content', async () => {
  const project = new Project(
    {
      'data/a.txt': 'alpha',
      'data/b.txt': 'beta',
      'note.txt': 'a note',
      'build.ts': `${HEAD}import { localSource } from 'tenon/steps'
const read = defineStep({ name: 'read', params: z.object({ note: file() }), input: ${src}, output: z.object({ files: z.array(z.string()), note: z.string() }),
  async run({ input, params }) { return { files: fs.readdirSync(input.src).toSorted(), note: fs.readFileSync(params.note, 'utf8') } } })
export default chain('local', localSource({ root: './data', include: ['*.txt'] }), read({ note: localFile('./note.txt') }))
`,
    },
    home,
  )
  assert.deepEqual((await project.build()).document, { files: ['a.txt', 'b.txt'], note: 'a note' })
  assert.deepEqual((await project.build()).processes, 0)
  project.write({ 'data/c.txt': 'gamma', 'ignored.md': 'x' })
  assert.deepEqual((await project.build()).document, { files: ['a.txt', 'b.txt', 'c.txt'], note: 'a note' })
  project.write({ 'note.txt': 'another' })
  const changed = await project.build()
  assert.deepEqual(changed.document, { files: ['a.txt', 'b.txt', 'c.txt'], note: 'another' })
  assert.equal(changed.processes, 1)
})

test('sources are sorted, obey .gitignore, and are refused outside of the project or when there is nothing; touching them runs nothing', async () => {
  const project = new Project(
    {
      '.gitignore': '*.log\n/data/private\n',
      'data/b': 'b',
      'data/a': 'a',
      'data/Z': 'Z',
      'data/noise.log': 'ignored',
      'data/private/key': 'ignored',
      'build.ts': `${HEAD}import { localSource } from 'tenon/steps'
const list = defineStep({ name: 'list', input: ${src}, output: z.object({ files: z.array(z.string()) }), async run({ input }) { return { files: fs.readdirSync(input.src, { recursive: true }).map(String) } } })
export default chain('all', localSource({ root: './data' }), list())
export const nothing = chain('nothing', localSource({ root: './data', include: ['*.none'] }), list())
`,
      'outside.ts': `${HEAD}import { localSource } from 'tenon/steps'\nexport default chain('outside', localSource({ root: '../home' }))\n`,
      'linked.ts': `${HEAD}import { localSource } from 'tenon/steps'\nexport default chain('linked', localSource({ root: './way-out' }))\n`,
    },
    home,
  )
  assert.deepEqual((await project.build()).document, { files: ['Z', 'a', 'b'] })
  utimesSync(join(project.directory, 'data/a'), 1, 1)
  const touched = await project.build()
  assert.equal(touched.processes, 0)
  const before = project.stored()
  const { failures } = await project.build('#nothing')
  assert.equal(failures[0]?.error.code, 'TN4202')
  const outside = await project.tenon(['build', 'outside.ts'])
  assert.deepEqual([outside.code, /TN\d{4}.*outside/.test(outside.stderr)], [3, true], outside.stderr)
  symlinkSync('..', join(project.directory, 'way-out'))
  const linked = await project.build('linked.ts')
  assert.match(linked.failures[0]?.error.code ?? '', /^TN420[01]$/)
  assert.deepEqual(project.stored(), before)
})
