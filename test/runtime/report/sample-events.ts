// sample-events.ts — one event of each kind and form, for the tests of reporters.
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import type { BuildEvent, StepLabel } from '../../../runtime/report/event.ts'
import type { EventTextOptions } from '../../../runtime/report/event-text.ts'
import { noPaint } from '../../../runtime/report/paint.ts'

export const fetched: StepLabel = { index: 0, chain: 'zlib', step: 'fetch' }
export const made: StepLabel = { index: 1, chain: 'hello', step: 'make' }
export const installed: StepLabel = { index: 2, chain: 'hello', step: 'install' }

export const exited = new CodedError('TN3701', "step 'hello@make' exited with code 2")
export const wrongShape = new CodedError(
  'TN3707',
  "step 'hello@make' returned a document that does not fit its output schema",
  {
    details: ['/count: must be integer', '(the document): must have required property ‘src’'],
    hint: 'correct the body, or its output schema',
    position: { file: '/project/build.ts', line: 2, column: 10 },
  },
)

export const everyEvent: readonly BuildEvent[] = [
  { kind: 'planned', steps: 3, packages: ['hello'], fromCache: false },
  { kind: 'planned', steps: 1, packages: ['hello'], fromCache: true },
  { kind: 'sandbox', rung: 'bubblewrap', weakerBecause: null },
  { kind: 'sandbox', rung: 'plain', weakerBecause: 'user namespaces are switched off' },
  { kind: 'step-started', label: fetched },
  { kind: 'step-progress', label: fetched, doneBytes: 1536, totalBytes: 4096 },
  { kind: 'step-finished', label: fetched, from: 'run', durationMs: 61_000 },
  { kind: 'step-finished', label: fetched, from: 'store', durationMs: 0 },
  { kind: 'step-started', label: made },
  { kind: 'step-log', label: made, line: 'gcc -c hello.c' },
  { kind: 'step-log', label: made, line: '\u001b[31mred\u001b[0m 10 %\r20 %\tdone\u0007' },
  {
    kind: 'step-failed',
    label: made,
    error: exited,
    logFile: '/home/u/.local/share/tenon/logs/ab12.log',
    logTail: Array.from({ length: 25 }, (_, i) => `line ${i + 1}`),
    durationMs: 1234,
  },
  { kind: 'step-failed', label: made, error: wrongShape, logFile: null, logTail: [], durationMs: 5 },
  { kind: 'step-skipped', label: installed, becauseOf: made },
  { kind: 'warning', message: 'tenon.lock was changed' },
  { kind: 'finished', ran: 2, found: 1, failed: 0, processes: 2, durationMs: 34_200 },
  { kind: 'finished', ran: 0, found: 12, failed: 0, processes: 0, durationMs: 40 },
  { kind: 'finished', ran: 1, found: 1, failed: 1, processes: 2, durationMs: 3_700_000 },
]

export const textOptions: EventTextOptions = {
  paint: noPaint,
  directory: '/project',
  readSource: (file) =>
    file === '/project/build.ts' ? "import x from 'y'\nexport default chain('hello', make())\n" : null,
  shellTarget: (label) => `pkg.ts@${label.step}`,
}
