// report.test.ts — the tables that a run prints and writes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { intoPage } from '../../bench/measure/page.ts'
import { markdown, terminalText } from '../../bench/measure/report.ts'
import { atMost, measured, notRun, ratio, type RowResult } from '../../bench/measure/row.ts'

const ours = measured('tenon', 'ms', [10, 12, 11])
const peer = measured('peer', 'ms', [1100, 1320, 1210])
const absent = notRun('other', 'ms', 'other is not installed')
const row: RowResult = {
  name: 'chain',
  title: 'a chain',
  figures: [ours, peer, absent],
  claims: [
    ratio(peer, ours, { better: 'higher', target: 10 }),
    ratio(ours, peer, { better: 'lower', target: 0.001 }),
    ratio(absent, ours, { better: 'higher', target: 2 }),
    ratio(peer, ours, { better: 'higher', target: null }),
    atMost(measured('peak', 'MB', [149.5]), 'MB', 150),
  ],
  failure: null,
}

test('a row shows medians, spread, targets met and missed, and what was not run', () => {
  assert.equal(
    terminalText(row),
    [
      'chain: a chain',
      '  tenon          11.00 ms  10.00 ms … 12.00 ms, 3 rounds',
      '  peer           1210 ms   1100 ms … 1320 ms, 3 rounds',
      '  other          not run   other is not installed',
      '  peer ÷ tenon   110.0 ×   target ≥ 10 ×: met',
      '  tenon ÷ peer   0.01 ×    target ≤ 0.001 ×: missed',
      '  other ÷ tenon  —         target ≥ 2 ×: not measured',
      '  peer ÷ tenon   110.0 ×',
      '  peak           149.5 MB  target ≤ 150 MB: met',
      '',
    ].join('\n'),
  )
})

test('a row that failed says so in place of figures', () => {
  const failed: RowResult = { name: 'x', title: 'an x', figures: [], claims: [], failure: 'it broke' }
  assert.equal(terminalText(failed), 'x: an x\n  FAILED: it broke\n')
})

test('the tables replace what stands between the marks of a page, and nothing else', () => {
  const page = '# Benchmarks\n<!-- begin: npm run bench -- --release -->\nold\n<!-- end -->\nafter\n'
  const machine = { cores: 2, processor: 'p', memoryGB: 1, kernel: 'k', node: '24', peers: {} }
  const results = { format: 1, at: '2026-01-02T03:04:05Z', machine, rows: [row] } as const
  const once = intoPage(page, results, 'a machine')
  assert.match(once, /^# Benchmarks\n/)
  assert.match(once, /\nafter\n$/)
  assert.doesNotMatch(once, /old/)
  assert.match(once, /Measured 2026-01-02 on a machine\./)
  assert.ok(once.includes(markdown([row])))
  assert.equal(intoPage(once, results, 'a machine'), once)
  assert.throws(() => intoPage('# Benchmarks', results, ''), /needs a line/)
})
