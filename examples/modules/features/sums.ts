// sums.ts — optional: a checksum beside the package.
import { defineModule, flag, when } from 'tenon'
import { writeSums } from '../steps/write-sums.ts'

export const sums = defineModule({
  options: { sums: flag('Write a checksum of the package') },
  steps: ({ config }) => ({
    '60-sums': when(config.sums, writeSums()),
  }),
})
