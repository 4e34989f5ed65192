// conformance.ts — what every rung must do, in four suites; each skip says why.
import { describe } from 'node:test'
import { hasOwnRoot } from '../../../runtime/sandbox/rung/rung.ts'
import type { Rung } from '../../../runtime/sandbox/rungs.ts'
import { answers } from './answer-suite.ts'
import { behaviour } from './behaviour-suite.ts'
import { confinement } from './confinement-suite.ts'
import { isolation } from './isolation-suite.ts'
import type { SandboxFixture } from './sandbox-fixture.ts'

export function conformance(rung: Rung, fixture: SandboxFixture): void {
  describe('on every rung', () => {
    behaviour(rung, fixture)
    describe('at its end', { skip: isAnotherUser && rung !== 'supervisor' ? SAME_FOR_ALL : false }, () =>
      answers(rung, fixture),
    )
  })
  describe('confined', () =>
    confinement(rung, fixture, rung === 'plain' ? 'the plain rung confines nothing' : false))
  describe('with a root of its own', () => isolation(rung, fixture, hasOwnRoot(rung) ? false : NO_ROOT))
}

/** The suite runs once more, after it ran as root: ordinary-user.test.ts. */
const isAnotherUser = process.env['TENON_TEST_USER'] !== undefined
const SAME_FOR_ALL =
  'the driver reads exit codes and answers, whoever it runs as: as root on each rung, as an ordinary user on the first'
const NO_ROOT =
  'a step on this rung sees the names, ids, processes and interfaces of the machine, and can change the modes of its files'
