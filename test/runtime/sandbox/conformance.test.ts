// conformance.test.ts — the suite of conformance.ts on each rung that works here, as the user who runs the tests.
import assert from 'node:assert/strict'
import { after, describe } from 'node:test'
import { probeRungs } from '../../../runtime/sandbox/rungs.ts'
import { supervisorOf } from '../../../runtime/sandbox/supervisor/supervised-step.ts'
import { conformance } from './conformance.ts'
import { SandboxFixture } from './sandbox-fixture.ts'

const fixture = new SandboxFixture()

const ahead = new SandboxFixture({ toCome: 2 })

for (const { rung, works, reason } of await probeRungs(fixture.home))
  describe(`the ${rung} rung`, { skip: works ? false : `it does not work here: ${reason ?? ''}` }, () => {
    conformance(rung, fixture)
    if (rung === 'supervisor')
      describe('in rooms that were made ahead', () => {
        conformance(rung, ahead)
        after(() => {
          const { started, foundWaiting } = supervisorOf(ahead.home)
          assert(foundWaiting > started / 2, `${foundWaiting} of ${started} steps found a room waiting`)
        })
      })
  })
