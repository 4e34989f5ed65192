// conformance.ts — what every rung must do, in two suites; each skip says why.
import { describe } from 'node:test'
import type { Rung } from '../../../runtime/sandbox/rungs.ts'
import { behaviour } from './behaviour-suite.ts'
import { isolation } from './isolation-suite.ts'
import type { SandboxFixture } from './sandbox-fixture.ts'

export function conformance(rung: Rung, fixture: SandboxFixture): void {
  describe('on every rung', () => behaviour(rung, fixture))
  describe('with isolation', () =>
    isolation(rung, fixture, rung === 'plain' ? 'the plain rung isolates nothing' : false))
}
