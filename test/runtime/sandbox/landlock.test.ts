// landlock.test.ts — what the filter of system calls refuses on the Landlock rung, where no namespace stands in the way.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { probeRungs } from '../../../runtime/sandbox/rungs.ts'
import { SandboxFixture } from './sandbox-fixture.ts'

const fixture = new SandboxFixture()
const { works = false } = (await probeRungs(fixture.home)).find(({ rung }) => rung === 'landlock') ?? {}
const skip = !works ? 'Landlock does not work here' : existsSync('/usr/bin/perl') ? false : 'needs perl'
const { sh } = fixture.on('landlock')

/** Runs a Perl expression with the constants of sockets, and gives what it evaluates to. */
async function perl(expression: string, network = false): Promise<unknown> {
  const body = `perl -MSocket -MPOSIX -e 'print(${expression})' >said; output said "$(cat said)"`
  const { document } = await sh(body, { commands: ['perl'], spec: { network } })
  return (document as { said: string }).said // as the body answers
}

test('sockets can be made of the internet families alone, and only with network', { skip }, async () => {
  const families = 'join " ", grep { socket(my $s, $_, $_ == 17 ? SOCK_RAW : SOCK_DGRAM, 0) } 1 .. 45'
  assert.equal(await perl(families), '')
  assert.equal(await perl(families, true), '2 10 16')
})
test(
  'pairs of streams can be made, pairs of datagram sockets not: those could be connected elsewhere',
  { skip },
  async () => {
    const pair = (type: string): string =>
      `socketpair(my $a, my $b, AF_UNIX, ${type}, 0) ? "made" : $!{EACCES} ? "refused" : $!`
    assert.equal(await perl(pair('SOCK_STREAM')), 'made')
    assert.equal(await perl(pair('SOCK_DGRAM')), 'refused')
  },
)
test(
  'rings of system calls, which pass by the filter, keys and shared memory by number are not there',
  { skip },
  async () => {
    const ring = 'syscall(425, 1, my $p = "\\0" x 256) < 0 && $!{ENOSYS} ? "refused" : "made"'
    assert.equal(await perl(ring), 'refused')
    assert.equal(await perl('shmget(1234, 4096, 0666 | 01000) // ($!{ENOSYS} ? "refused" : $!)'), 'refused')
  },
)
