// rungs.test.ts — which rungs are said to work, and what is said of those that do not.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { probeRungs, type RungProbe } from '../../../runtime/sandbox/rungs.ts'
import { SandboxFixture } from './sandbox-fixture.ts'

const fixture = new SandboxFixture()
after(() => fixture.remove())
const SOURCE = new URL('../../../runtime/sandbox/rungs.ts', import.meta.url).pathname
const program = (home: string): string =>
  `const { probeRungs } = await import(${JSON.stringify(SOURCE)}); console.log(JSON.stringify(await probeRungs(${JSON.stringify(home)})))`

test('the rungs are listed from the strongest to the weakest, and plain always works', async () => {
  const probes = await probeRungs(fixture.home)
  assert.deepEqual(
    probes.map(({ rung }) => rung),
    ['supervisor', 'bubblewrap', 'unshare', 'plain'],
  )
  assert.deepEqual(probes.at(-1), { rung: 'plain', works: true, reason: null, remedy: null })
})
test('a probe leaves nothing behind but what it remembers', async () => {
  await probeRungs(fixture.home)
  assert.deepEqual(
    readdirSync(join(fixture.home, 'cache')).filter((name) => name.startsWith('probe-')),
    [],
  )
})

/** A world in which user namespaces are used up: the limit is set inside one. */
const WITHOUT = ['-Ur', 'sh', '-c', 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"', 'sh']
const cannot =
  spawnSync('unshare', [...WITHOUT, 'true']).status === 0
    ? false
    : 'the limit of user namespaces cannot be lowered here'

test('where user namespaces are not allowed the reason and a remedy are given', { skip: cannot }, () => {
  const home = join(fixture.home, 'limited')
  const output = execFileSync(
    'unshare',
    [...WITHOUT, process.execPath, '--input-type=module', '-e', program(home)],
    { encoding: 'utf8' },
  )
  const probes = JSON.parse(output) as RungProbe[] // what the program prints
  const failing = probes.filter(({ works }) => !works)
  assert(failing.some(({ rung }) => rung === 'unshare'))
  for (const { rung, reason, remedy } of failing) {
    const isInstalled = existsSync(rung === 'bubblewrap' ? '/usr/bin/bwrap' : '/usr/bin/unshare')
    assert.match(reason ?? '', isInstalled ? /[Nn]o space left on device|namespace/ : /not installed/)
    assert.match(remedy ?? '', isInstalled ? /max_user_namespaces/ : /install/)
  }
  assert(!existsSync(join(home, 'cache/sandbox-unshare')), 'only what works is remembered')
})
test('what worked is not tried again before the next boot', async () => {
  const works = (await probeRungs(fixture.home)).filter((probe) => probe.works && probe.rung !== 'plain')
  for (const { rung } of works) assert(existsSync(join(fixture.home, 'cache', `sandbox-${rung}`)))
  if (cannot !== false) return
  const output = execFileSync(
    'unshare',
    [...WITHOUT, process.execPath, '--input-type=module', '-e', program(fixture.home)],
    { encoding: 'utf8' },
  )
  // The uid is another one there, and the memory belongs to one user: everything is tried out again.
  const probes = JSON.parse(output) as RungProbe[] // what the program prints
  const isRoot = process.getuid?.() === 0
  assert.deepEqual(
    probes.filter((probe) => probe.works && probe.rung !== 'plain').length,
    isRoot ? works.length : 0,
  )
})
