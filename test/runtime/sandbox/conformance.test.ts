// conformance.test.ts — the suite of conformance.ts on each rung that works here, as the user who runs the tests.
import { after, describe } from 'node:test'
import { probeRungs } from '../../../runtime/sandbox/rungs.ts'
import { conformance } from './conformance.ts'
import { SandboxFixture } from './sandbox-fixture.ts'

const fixture = new SandboxFixture()
after(() => fixture.remove())

for (const { rung, works, reason } of await probeRungs(fixture.home))
  describe(`the ${rung} rung`, { skip: works ? false : `it does not work here: ${reason ?? ''}` }, () =>
    conformance(rung, fixture),
  )
