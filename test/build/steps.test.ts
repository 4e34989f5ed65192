// steps.test.ts — the reusable steps in one real build: source, substitute, patch, script, pack, unpack; twice to the same bytes.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Project } from '../project.ts'

const FILES = {
  'program/greet.txt': 'Hello, @WHO@!\nversion @VERSION@\n',
  'program/run': '#!/bin/sh\necho run\n',
  'shout.patch': `--- a/greet.txt\n+++ b/greet.txt\n@@ -1,2 +1,2 @@\n-Hello, you!\n+HELLO, you!\n version 7\n`,
  'build.ts': `import { z } from 'zod'
import { chain, defineStep, workTree } from 'tenon'
import { applyPatches, localSource, packTar, script, substitute, unpack } from 'tenon/steps'
import * as fs from 'node:fs'
const version = defineStep({ name: 'version', output: z.object({ version: z.string() }), async run() { return { version: '7' } } })
const numbered = chain('numbered', version())
export const packed = chain('greeting',
  localSource({ root: './program' }),
  substitute({ files: ['*.txt'], replacements: { '@WHO@': 'you', '@VERSION@': numbered.output.version } }),
  applyPatches({ patches: ['./shout.patch'] }),
  script({ text: 'printf "%s\\\\n" "$param_values_line" >> greet.txt; sort greet.txt > sorted; mkdir empty; ln -s greet.txt link', values: { line: \`it's "\${numbered.output.version}" \\$HOME\` } }),
  packTar({ name: 'greeting-7' }),
)
const list = defineStep({ name: 'list', input: z.object({ src: workTree() }), output: z.object({ files: z.array(z.string()), text: z.string(), isExecutable: z.boolean() }), async run({ input }) {
  const files = fs.readdirSync(input.src, { recursive: true }).map(String).toSorted()
  return { files, text: fs.readFileSync(input.src + '/sorted', 'utf8'), isExecutable: (fs.statSync(input.src + '/run').mode & 0o111) === 0o111 }
} })
export default chain('unpacked', packed, unpack(), list())
`,
}

test('library steps make the same archive in two places, which unpacks to what they did', async () => {
  const [one, two] = [new Project(FILES), new Project(FILES)]
  const { document, failures } = await one.build()
  assert.deepEqual(failures, [])
  assert.deepEqual(document, {
    files: ['empty', 'greet.txt', 'link', 'run', 'sorted'],
    text: ['HELLO, you!', `it's "7" $HOME`, 'version 7', ''].join('\n'),
    isExecutable: true,
  })
  const [first, second] = [await one.build('#packed'), await two.build('#packed')]
  assert.ok(first.artifacts[0] && second.artifacts[0])
  assert.equal(first.artifacts[0].object, second.artifacts[0].object)
  assert.deepEqual(readFileSync(first.artifacts[0].physical), readFileSync(second.artifacts[0].physical))
  assert.equal((first.document as { fileName: string }).fileName, 'greeting-7.tar.gz') // as packTar declares it
})

test('a patch that does not fit, and a text that is nowhere, fail their step with the place', async () => {
  const project = new Project({
    ...FILES,
    'shout.patch': FILES['shout.patch'].replace('-Hello, you!', '-Goodbye, you!'),
  })
  const patched = await project.tenon(['build', '#packed'])
  assert.equal(patched.code, 1)
  assert.match(
    patched.stderr,
    /greeting@apply-patches[^]*TN3511[^]*greet\.txt[^]*Goodbye, you![^]*look inside: tenon shell '?#packed@apply-patches'?/,
  )
  project.write({ 'build.ts': FILES['build.ts'].replace("'@WHO@'", "'@WHOM@'") })
  const nowhere = await project.tenon(['build', '#packed'])
  assert.match(nowhere.stderr, /greeting@substitute[^]*TN3520[^]*@WHOM@/)
})
