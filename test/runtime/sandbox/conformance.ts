// conformance.ts — what every rung must do, in three suites; each skip says why.
import { describe } from 'node:test'
import { hasOwnRoot } from '../../../runtime/sandbox/rung/rung.ts'
import type { Rung } from '../../../runtime/sandbox/rungs.ts'
import { behaviour } from './behaviour-suite.ts'
import { confinement } from './confinement-suite.ts'
import { isolation } from './isolation-suite.ts'
import type { SandboxFixture } from './sandbox-fixture.ts'

export function conformance(rung: Rung, fixture: SandboxFixture): void {
  describe('on every rung', () => behaviour(rung, fixture))
  describe('confined', () =>
    confinement(rung, fixture, rung === 'plain' ? 'the plain rung confines nothing' : false))
  describe('with a root of its own', () => isolation(rung, fixture, hasOwnRoot(rung) ? false : NO_ROOT))
}

const NO_ROOT =
  'a step on this rung sees the names, ids, processes and interfaces of the machine, and can change the modes of its files'
