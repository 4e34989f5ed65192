// refused-namespaces.test.ts — building where user namespaces are refused: Landlock is taken, and what that is worth elsewhere.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { probeRungs } from '../../runtime/sandbox/rungs.ts'
import { cannotRefuse, REFUSED } from '../refused-namespaces.ts'
import { Project, ROOT } from '../project.ts'

const BUILD = `import { z } from 'zod'
import { chain, defineStep } from 'tenon'
const later = defineStep({ name: 'later', output: z.object({}), script: 'mkdir -p /tenon/store/later' })
export default chain('prefix', later())
`

const project = new Project({ 'build.ts': BUILD })
const probes = await probeRungs(project.home)
const works = (name: string): boolean => probes.some((probe) => probe.rung === name && probe.works)
const skip = cannotRefuse === false && !works('landlock') ? 'Landlock does not work here' : cannotRefuse
const QUICKSTART = ['build', join(ROOT, 'examples/quickstart'), '--no-link', '--progress', 'plain']

test(
  'where user namespaces are refused the quickstart is built under Landlock, and the way to a stronger sandbox is said',
  { skip },
  async () => {
    const { code, stdout, stderr } = await project.tenon(QUICKSTART, { within: REFUSED })
    assert.equal(code, 0, stderr)
    assert.partialDeepStrictEqual(JSON.parse(stdout), { name: 'mdtoc' })
    assert.match(
      stderr,
      /^sandbox: landlock, because supervisor: .*\(allow user namespaces: sysctl user\.max_user_namespaces=\d+\)/m,
    )
    assert.equal(stderr.match(/sysctl/g)?.length, 1, 'one remedy for three sandboxes is said once')
    const again = await project.tenon(QUICKSTART, { within: REFUSED })
    assert.match(again.stderr, /nothing to do: 6 steps found in the store/)
  },
)
test(
  'what Landlock confined satisfies no build that can give steps a root, but the plain sandbox',
  { skip },
  async () => {
    const plain = await project.tenon([...QUICKSTART, '--sandbox', 'plain'])
    assert.match(plain.stderr, /nothing to do: 6 steps found in the store/)
    const strict = await project.tenon(QUICKSTART)
    assert.equal(strict.code, 0, strict.stderr)
    assert.doesNotMatch(strict.stderr, /nothing to do/)
    const weaker = await project.tenon(QUICKSTART, { within: REFUSED })
    assert.match(weaker.stderr, /nothing to do: 6 steps found in the store/)
  },
)

test('a step that fails under Landlock is told what it may have missed there', { skip }, async () => {
  const { code, stderr } = await project.tenon(['build'], { within: REFUSED })
  assert.equal(code, 1)
  assert.match(stderr, /the landlock sandbox has no folder \/tenon\/store, no sockets/)
  const strict = await project.tenon(['build'])
  assert.doesNotMatch(strict.stderr, /no folder/)
})
