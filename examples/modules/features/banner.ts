// banner.ts — optional: a line about the build on top of the program.
import { z } from 'zod'
import { defineModule, flag, mkDefault, option, when } from 'tenon'
import { base } from '../base.ts'
import { addBanner } from '../steps/edit-program.ts'

export const banner = defineModule({
  imports: [base],
  options: {
    banner: {
      enable: flag('Put a line on top of the program'),
      text: option(z.string(), { description: 'That line' }),
    },
  },
  config: ({ config, name }) => ({
    banner: { text: mkDefault(() => `${name} ${config.version}`) },
  }),
  steps: ({ config }) => ({
    '30-banner': when(config.banner.enable, addBanner({ file: config.program, text: config.banner.text })),
  }),
})
