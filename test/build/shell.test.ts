// shell.test.ts — a shell at any step: its tree, document, tools and sandbox, by pipe and on a terminal.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { COMMAND, PATH, Project } from '../project.ts'

const BUILD = `import { z } from 'zod'
import { chain, defineStep, hostTools, tree, workTree } from 'tenon'
import * as fs from 'node:fs'
const get = defineStep({ name: 'get', output: z.object({ src: workTree(), version: z.string() }), async run({ out }) {
  fs.mkdirSync(out.src)
  fs.writeFileSync(out.src + '/file', 'from get')
  return { src: out.src, version: '1.2' }
} })
const input = z.object({ src: workTree(), version: z.string() })
const inSh = defineStep({ name: 'in-sh', mode: 'carry', params: z.object({ flags: z.array(z.string()) }), input, output: z.object({ prefix: tree() }),
  tools: [hostTools('awk', 'xargs')], script: 'echo never reached; exit 1' })
const inNode = defineStep({ name: 'in-node', input, output: z.object({ n: z.number() }), async run() { throw new Error('never reached') } })
export default chain('pkg', get(), inSh({ flags: ['-a', 'b c'] }))
export const node = chain('node', get(), inNode())
`
const project = new Project({ 'build.ts': BUILD })

/** What the shell at `target` prints when it is given `script` as its input. */
async function inShell(
  target: string,
  script: string,
): Promise<{ readonly code: number | null; readonly lines: string[] }> {
  const { code, stdout, stderr } = await project.tenon(['shell', target], { input: script })
  assert.doesNotMatch(stderr, /^error/m)
  return { code, lines: stdout.trimEnd().split('\n') }
}

test('a shell at a step of sh has its tree, document, tools and sandbox, and its exit code is the command’s', async () => {
  const { code, lines } = await inShell(
    '@in-sh',
    `pwd; cat src/file; echo; echo "$in_version"; eval "set -- $param_flags"; echo "$#"; cat "$request"; echo
for tool in awk xargs cc git make; do command -v $tool >/dev/null && echo "has $tool"; done
echo changed > src/file; echo "$(id -u) $(uname -n)"; ls -d ${JSON.stringify(project.home)} 2>/dev/null; exit 23
`,
  )
  assert.equal(code, 23)
  const [pwd, file, version, count, request, ...rest] = lines
  assert.deepEqual([pwd, file, version, count], ['/build', 'from get', '1.2', '2'])
  assert.partialDeepStrictEqual(JSON.parse(String(request)), {
    chain: 'pkg',
    step: 'in-sh',
    input: { src: '/build/src', version: '1.2' },
    params: { flags: ['-a', 'b c'] },
  })
  assert.deepEqual(rest, ['has awk', 'has xargs', '1000 tenon'])
  const stored = project.stored()
  // What is done in a shell stays there: it stores nothing, and the next one finds the tree as it was.
  assert.deepEqual((await inShell('@in-sh', 'cat src/file; echo')).lines, ['from get'])
  assert.deepEqual(project.stored(), stored)
})

test('a shell at a step of node has its tree and document', async () => {
  const { code, lines } = await inShell(
    '#node@in-node',
    'cat src/file; echo; cat /tenon/step/request.json; echo',
  )
  assert.equal(code, 0)
  assert.equal(lines[0], 'from get')
  assert.partialDeepStrictEqual(JSON.parse(String(lines[1])), { input: { version: '1.2' } })
})

test('on a terminal the shell is interactive, and the terminal is its own', (t) => {
  if (!existsSync('/usr/bin/script')) return t.skip('script(1) is not on this machine')
  const command = `${COMMAND} shell @in-sh`
  const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
    cwd: project.directory,
    env: {
      PATH,
      HOME: dirname(project.home),
      TENON_HOME: project.home,
      TERM: 'dumb',
      SHELL: '/bin/sh',
    },
    input:
      'case $- in *i*) echo "inter"active;; esac; [ -t 0 ] && echo "is a "terminal; cat src/file; echo; echo $in_version; exit\n',
    encoding: 'utf8',
  })
  assert.match(stdout, /^\$ interactive\r$/m)
  assert.match(stdout, /^is a terminal\r$/m)
  assert.doesNotMatch(stdout, /job control|process group/)
  assert.match(stdout, /^from get\r\n1\.2\r\n$/m)
})

test('a step that Tenon does itself, and one that there is not, have no shell', async () => {
  project.write({
    'host.ts': `import { chain } from 'tenon'\nimport { localSource } from 'tenon/steps'\nexport default chain('host', localSource({ root: '.' }))\n`,
  })
  const host = await project.tenon(['shell', 'host.ts@local-source'])
  assert.equal(host.code, 2)
  assert.match(host.stderr, /TN6104[^]*hint: /)
  const unknown = await project.tenon(['shell', '@in-shh'])
  assert.equal(unknown.code, 2)
  assert.match(unknown.stderr, /TN6102[^]*did you mean '@in-sh'/)
})
