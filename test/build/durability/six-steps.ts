// six-steps.ts — a project of six quick steps that all depend on one file, and what must hold of it. Kills and fills nothing.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { COMMAND, PATH, type Project } from '../../project.ts'

/** Work trees, a tree that names itself, one that names the other, steps in sh and node. */
export const SIX_STEPS = `import { z } from 'zod'
import { chain, defineStep, localFile, file, tree, workTree, hostTools } from 'tenon'
const src = z.object({ src: workTree() })
const start = defineStep({ name: 'start', params: z.object({ seed: file() }), output: src, tools: [hostTools('mkdir', 'cp', 'seq')],
  script: 'mkdir -p "$out_src/d"; cp "$param_seed" "$out_src/seed"; for i in $(seq 40); do echo "$i" > "$out_src/d/$i"; done' })
const grow = defineStep({ name: 'grow', input: src, output: src, tools: [hostTools('cat')],
  script: 'cat "$in_src/seed" "$in_src/seed" > "$in_src/grown"' })
const sign = defineStep({ name: 'sign', input: src, output: src, async run({ input }) {
  const fs = await import('node:fs')
  fs.writeFileSync(input.src + '/signed', fs.readFileSync(input.src + '/grown', 'utf8').toUpperCase())
  return { src: input.src }
} })
const library = defineStep({ name: 'library', input: src, output: z.object({ src: workTree(), lib: tree() }), tools: [hostTools('mkdir', 'cp')],
  script: 'mkdir -p "$out_lib"; cp "$in_src/signed" "$out_lib/signed"; echo "$out_lib" > "$out_lib/where"' })
const install = defineStep({ name: 'install', input: z.object({ src: workTree(), lib: tree() }), output: z.object({ prefix: tree() }), tools: [hostTools('mkdir', 'cp')],
  script: 'mkdir -p "$out_prefix"; cp -r "$in_src/d" "$out_prefix/d"; echo "$in_lib" > "$out_prefix/lib"; echo "$out_prefix" > "$out_prefix/where"' })
const describe = defineStep({ name: 'describe', mode: 'carry', input: z.object({ prefix: tree() }), output: z.object({ text: z.string() }), async run({ input }) {
  const fs = await import('node:fs')
  const lib = fs.readFileSync(input.prefix + '/lib', 'utf8').trim()
  return { text: fs.readFileSync(lib + '/signed', 'utf8') }
} })
export default chain('six', start({ seed: localFile('./seed.txt') }), grow(), sign(), library(), install(), describe())
`
export const STEPS = ['start', 'grow', 'sign', 'library', 'install', 'describe']

export function startBuild(project: Project, args: readonly string[] = []): ChildProcess {
  return spawn(COMMAND, ['build', ...args], {
    cwd: project.directory,
    env: { PATH, HOME: dirname(project.home), TENON_HOME: project.home, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Builds; the result is that of this seed and whole. */
export async function assertBuilds(project: Project, seed: string): Promise<void> {
  project.write({ 'seed.txt': seed })
  const { code, stdout, stderr } = await project.tenon(['build'])
  assert.equal(code, 0, stderr)
  const { text, prefix } = JSON.parse(stdout) as { text: string; prefix: string } // what the chain's last steps return
  assert.equal(text, `${seed}${seed}`.toUpperCase())
  assert.equal(
    readFileSync(join(prefix, 'where'), 'utf8').trim(),
    prefix.replace(/^.*\/store\//, '/tenon/store/'),
  )
}

export async function assertWell(project: Project): Promise<void> {
  const { code, stdout, stderr } = await project.tenon(['store', 'verify', '--json'])
  const { problems } = JSON.parse(stdout) as { problems: unknown } // as verifyStore says
  assert.deepEqual(problems, [], stderr)
  assert.equal(code, 0)
}
