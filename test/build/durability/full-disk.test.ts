// full-disk.test.ts — a store on a small file system that fills up: a clear error, nothing half-written, and going on once there is room.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Project } from '../../project.ts'
import { assertBuilds, assertWell, SIX_STEPS } from './six-steps.ts'

const SIZE_BYTES = 256 * 2 ** 20
const STEPS = `import { z } from 'zod'
import { chain, defineStep, localFile, file, tree, workTree, hostTools } from 'tenon'
const src = z.object({ src: workTree() })
const large = defineStep({ name: 'large', params: z.object({ seed: file(), megabytes: z.string() }), output: src, tools: [hostTools('head', 'cat', 'mkdir')],
  script: 'mkdir -p "$out_src"; head -c "\${param_megabytes}M" /dev/zero > "$out_src/zeros"; cat "$param_seed" >> "$out_src/zeros"' })
const copy = defineStep({ name: 'copy', input: src, output: z.object({ prefix: tree() }), tools: [hostTools('mkdir', 'cp', 'tail')],
  script: 'mkdir -p "$out_prefix"; cp "$in_src/zeros" "$out_prefix/zeros"' })
const of = (megabytes: string) => chain('large', large({ seed: localFile('./seed.txt'), megabytes }), copy())
export const little = of('1')
export const tooLarge = of('400')
export const together = of('12')
`

/** Why no file system can be mounted here; false when one can. */
function obstacle(): string | false {
  if (process.getuid?.() !== 0) return 'only root can mount a small file system'
  const tried = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { encoding: 'utf8' })
  return tried.status === 0 ? false : `a file system cannot be mounted here: ${tried.stderr}`
}

/** A project whose home is on a file system of its own. */
async function onSmallDisk(
  t: { after: (end: () => void) => void },
  work: (project: Project) => Promise<void>,
): Promise<void> {
  const project = new Project({ 'build.ts': STEPS, 'six.ts': SIX_STEPS, 'seed.txt': 'x' })
  mkdirSync(project.home, { recursive: true })
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_BYTES}`, 'tenon-test', project.home])
  assert.equal(mounted.status, 0, String(mounted.stderr))
  try {
    await work(project)
  } finally {
    spawnSync('umount', ['-l', project.home])
  }
}

/** Writes a file until only so much is free; it gives the room back when removed. */
function fill(project: Project, freeBytes: number): string {
  const { bavail, bsize } = statfsSync(project.home)
  const filler = join(project.home, 'filler')
  writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - freeBytes)))
  return filler
}

const skip = obstacle()
const refusal = (home: string): RegExp => new RegExp(`TN5002: .*the file system at ${home} is full`)

test(
  'a step, a copy or an admission for which there is no room fails with the name of the file system',
  { skip },
  async (t) => {
    await onSmallDisk(t, async (project) => {
      const built = async (target: string): Promise<string> => {
        const { code, stderr } = await project.tenon(['build', target, '--no-link', '--granularity', 'split'])
        return code === 0 ? '' : stderr
      }
      assert.equal(await built('#little'), '')
      assert.match(await built('#tooLarge'), refusal(project.home)) // the step itself
      await assertWell(project)
      const filler = fill(project, 20 * 2 ** 20)
      assert.match(await built('#together'), refusal(project.home)) // 12 MB fit once, not twice
      await assertWell(project)
      assert.equal(await built('#little'), '')
      rmSync(filler)
      assert.equal(await built('#together'), '')
      await assertWell(project)
    })
  },
)

test(
  'on a disk that is full to the last byte nothing breaks, and a collection makes room',
  { skip },
  async (t) => {
    await onSmallDisk(t, async (project) => {
      project.write({ 'build.ts': SIX_STEPS })
      await assertBuilds(project, 'before')
      const filler = fill(project, 0)
      project.write({ 'seed.txt': 'full' })
      const { code, stderr } = await project.tenon(['build'])
      assert.equal(code, 1, stderr)
      assert.match(stderr, refusal(project.home))
      await assertWell(project)
      const gc = await project.tenon(['store', 'gc'])
      assert.equal(gc.code, 0, gc.stderr)
      assert.match(gc.stdout, /^removed [1-9]/)
      await assertWell(project)
      rmSync(filler)
      await assertBuilds(project, 'full')
      await assertWell(project)
    })
  },
)
