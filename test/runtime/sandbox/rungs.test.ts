// rungs.test.ts — which rungs are said to work, and what is said of those that do not.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { hasOwnRoot } from '../../../runtime/sandbox/rung/rung.ts'
import { probeRungs, type RungProbe } from '../../../runtime/sandbox/rungs.ts'
import { cannotRefuse, REFUSED } from '../../refused-namespaces.ts'
import { SandboxFixture } from './sandbox-fixture.ts'

const fixture = new SandboxFixture({ isNew: true })
const SOURCE = new URL('../../../runtime/sandbox/rungs.ts', import.meta.url).pathname
const program = (home: string): string =>
  `const { probeRungs } = await import(${JSON.stringify(SOURCE)}); console.log(JSON.stringify(await probeRungs(${JSON.stringify(home)})))`

test('the rungs are listed from the strongest to the weakest, and plain always works', async () => {
  const probes = await probeRungs(fixture.home)
  assert.deepEqual(
    probes.map(({ rung }) => rung),
    ['supervisor', 'bubblewrap', 'unshare', 'landlock', 'plain'],
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

function probesWhereRefused(home: string): readonly RungProbe[] {
  const [file, ...args] = [...REFUSED, process.execPath, '--input-type=module', '-e', program(home)]
  return JSON.parse(execFileSync(file, args, { encoding: 'utf8' })) as RungProbe[] // what the program prints
}

test(
  'where user namespaces are not allowed the reason and a remedy are given',
  { skip: cannotRefuse },
  async () => {
    const home = join(fixture.home, 'limited')
    const probes = probesWhereRefused(home)
    const landlock = ({ rung }: RungProbe): boolean => rung === 'landlock'
    const failing = probes.filter(({ works }) => !works)
    assert(failing.some(({ rung }) => rung === 'unshare'))
    for (const { rung, reason, remedy } of failing.filter((probe) => !landlock(probe))) {
      const isInstalled = existsSync(rung === 'bubblewrap' ? '/usr/bin/bwrap' : '/usr/bin/unshare')
      assert.match(reason ?? '', isInstalled ? /[Nn]o space left on device|namespace/ : /not installed/)
      assert.match(remedy ?? '', isInstalled ? /max_user_namespaces/ : /install/)
    }
    const here = await probeRungs(fixture.home)
    assert.deepEqual(probes.find(landlock), here.find(landlock), 'Landlock needs none')
    assert(!existsSync(join(home, 'cache/sandbox-unshare')), 'only what works is remembered')
  },
)
test('what worked is not tried again before the next boot, but in other namespaces', async () => {
  const works = (await probeRungs(fixture.home)).filter((probe) => probe.works && probe.rung !== 'plain')
  for (const { rung } of works) assert(existsSync(join(fixture.home, 'cache', `sandbox-${rung}`)))
  if (cannotRefuse !== false) return
  const probes = probesWhereRefused(fixture.home).filter(({ rung }) => hasOwnRoot(rung))
  assert(probes.every((probe) => !probe.works))
})
