// process.test.ts — the command as a process: signals, closed pipes, old Nodes.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { commandFile, project } from './tenon.ts'

const SLEEPER = `import { chain, defineStep, hostTools } from 'tenon'
import { z } from 'zod'
const nap = defineStep({ name: 'nap', output: z.object({}), tools: [hostTools('sleep')], script: 'echo asleep; sleep 4242.5' })
export default chain('sleeper', nap())
`
const box = project({ 'build.ts': SLEEPER })

function sleepers(): string {
  return spawnSync('pgrep', ['-f', 'sleep 4242.5'], { encoding: 'utf8' }).stdout
}

async function interrupted(signal: NodeJS.Signals): Promise<{ exitCode: number | null; stderr: string }> {
  const child = box.start('build')
  let stderr = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
    if (stderr.includes('| asleep')) child.kill(signal)
  })
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { exitCode, stderr }
}

test('Ctrl-C ends every process, exits with 130 and leaves nothing', async () => {
  const { exitCode, stderr } = await interrupted('SIGINT')
  assert.equal(exitCode, 130, stderr)
  assert.match(stderr, /interrupted/)
  assert.equal(sleepers(), '')
  assert.deepEqual(readdirSync(join(box.home, 'store')), [])
  assert(!existsSync(join(box.directory, 'result')))
})

test('SIGTERM is the same with 143', async () => {
  const { exitCode } = await interrupted('SIGTERM')
  assert.equal(exitCode, 143)
  assert.equal(sleepers(), '')
})

test('a reader who leaves early is no error', async () => {
  const child = spawn(process.execPath, [commandFile, 'help'], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve))
  assert.equal(stderr, '')
  assert.equal(exitCode, 0)
})

test('output that cannot be written is an error', (t) => {
  if (!existsSync('/dev/full')) return t.skip('there is no /dev/full')
  const full = openSync('/dev/full', 'w')
  const run = spawnSync(process.execPath, [commandFile, 'help'], {
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  })
  closeSync(full)
  assert.match(run.stderr, /error TN5990: .*no space left/)
  assert.equal(run.status, 1)
})

test('an exception that nobody waits for is told as a bug, with exit code 70', () => {
  const preload = `
    const write = process.stdout.write
    process.stdout.write = function (...args) {
      setImmediate(() => { throw new TypeError('from nowhere') })
      return write.apply(this, args)
    }`
  const run = spawnSync(process.execPath, [...importing(preload), commandFile, 'help'], { encoding: 'utf8' })
  assert.match(run.stderr, /error TN9001: .*from nowhere\n.*\n[^]*hint: .*report/)
  assert.equal(run.status, 70)
})

/** Flags of node that run `code` first. */
function importing(code: string): readonly string[] {
  return ['--import', `data:text/javascript,${encodeURIComponent(code)}`]
}

test('a Node that is too old gets one clear line', (t) => {
  if (!commandFile.endsWith('.cjs'))
    return t.skip('only the bundle has the check: node .ci/bundle.mjs makes it')
  for (const version of ['14.21.3', '20.20.2', '22.17.1']) {
    const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`
    const run = spawnSync(process.execPath, [...importing(pretend), commandFile, 'version'], {
      encoding: 'utf8',
    })
    assert.equal(run.status, 2)
    assert.equal(run.stdout, '')
    assert.match(run.stderr, new RegExp(`^[^\\n]*22\\.18[^\\n]*${version}[^\\n]*\\n$`))
  }
})

test('version says what runs', () => {
  assert.match(box.tenon('--version').stdout, /^tenon \d+\.\d+\.\d+ \(Node \d+/)
})

test('help goes to standard output and exits with 0', () => {
  for (const args of [[], ['help'], ['--help'], ['build', '--help'], ['help', 'build']]) {
    const run = box.tenon(...args)
    assert.equal(run.exitCode, 0)
    assert.match(run.stdout, /^tenon/)
    assert.equal(run.stderr, '')
  }
})
