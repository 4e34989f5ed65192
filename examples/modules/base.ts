// base.ts — what every build of roman has: a version, the source that follows from it, tests, a package.
import { z } from 'zod'
import { defineModule, mkDefault, option } from 'tenon'
import { localSource, npmPack } from 'tenon/steps'
import { nodeTest } from './steps/node-test.ts'

export const base = defineModule({
  options: {
    version: option(z.string(), { description: 'Released version', default: '1.0.0' }),
    source: option(z.string(), { description: 'Folder of the release, relative to base.ts' }),
    program: option(z.string(), { description: 'The program, in the source', default: 'roman.js' }),
    testFlags: option(z.array(z.string()), { description: 'For node --test', default: [] }),
  },
  config: ({ config }) => ({
    source: mkDefault(() => `./releases/${config.version}`),
  }),
  steps: ({ config }) => ({
    '10-source': localSource({ root: config.source }),
    '40-test': nodeTest({ flags: config.testFlags }),
    '50-pack': npmPack(),
  }),
})
