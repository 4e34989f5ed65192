// sample-plan.ts — a plan of two packages, for the tests of what is printed of it.
import type { JsonObject } from '../../../../dsl/plan/json.ts'
import type { PlanView, StepView } from '../../../../runtime/commands/plan-view.ts'

const object = (...fields: string[]): JsonObject => ({
  type: 'object',
  properties: Object.fromEntries(fields.map((field) => [field, { type: 'string' }])),
})

const blank: StepView = {
  index: 0,
  chain: 'zlib',
  name: 'fetch',
  mode: 'map',
  interpreter: 'node',
  body: {},
  params: { kind: 'literal', value: {} },
  input: { kind: 'literal', value: {} },
  tools: [],
  platform: 'linux-x64',
  network: false,
  fixedOutput: null,
  outputs: [],
  schemas: { params: object(), input: object(), output: object() },
  inputsFrom: [],
  key: null,
  realised: null,
  drops: [],
  position: null,
}

export const samplePlan: PlanView = {
  format: 1,
  target: { file: '/project/build.ts', export: 'default', step: null },
  package: 'hello',
  warnings: [],
  steps: [
    {
      ...blank,
      interpreter: 'fetch',
      network: true,
      fixedOutput: { hash: 'sha256-MeBmE3lioGaOafjRtzNlgsb3i91Y5gKq', lockKey: null },
      schemas: { params: object(), input: object(), output: object('file') },
      realised: true,
    },
    {
      ...blank,
      index: 1,
      name: 'install',
      interpreter: 'sh',
      tools: ['awk', 'cc', 'make', 'sed', 'tar'],
      input: { kind: 'output', step: 0, path: [] },
      schemas: { params: object(), input: object('file'), output: object('prefix', 'version') },
      inputsFrom: [0],
      realised: false,
      drops: ['file'],
    },
    {
      ...blank,
      index: 2,
      chain: 'hello',
      interpreter: 'fetch',
      fixedOutput: { hash: null, lockKey: 'https://example.org/hello.tar.gz' },
      schemas: { params: object(), input: object(), output: object('file') },
      realised: false,
    },
    {
      ...blank,
      index: 3,
      chain: 'hello',
      name: 'inner/configure "quoted" #1',
      params: {
        kind: 'record',
        fields: {
          flags: {
            kind: 'list',
            items: [
              {
                kind: 'text',
                parts: [
                  { kind: 'literal', value: '--z=' },
                  { kind: 'output', step: 1, path: ['prefix'] },
                ],
              },
              { kind: 'output', step: 1, path: ['version', 0] },
            ],
          },
          // Data that looks like an expression names no step.
          decoy: { kind: 'literal', value: { kind: 'output', step: 1, path: ['decoy'] } },
        },
      },
      input: {
        kind: 'overlay',
        below: { kind: 'output', step: 2, path: [] },
        above: { kind: 'record', fields: {} },
      },
      schemas: { params: object(), input: object('file'), output: object('file', 'src') },
      inputsFrom: [1, 2],
    },
  ],
  units: [0, 1, 2, 3].map((index) => ({ steps: [index], because: 'split' })),
}
