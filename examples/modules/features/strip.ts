// strip.ts — optional: the program without comments.
import { defineModule, flag, when } from 'tenon'
import { base } from '../base.ts'
import { stripComments } from '../steps/edit-program.ts'

export const strip = defineModule({
  imports: [base],
  options: { strip: flag('Leave comments out of the program') },
  steps: ({ config }) => ({
    '20-strip': when(config.strip, stripComments({ file: config.program })),
  }),
})
