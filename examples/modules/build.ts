// build.ts — the package roman: what every build has, and three features to choose from.
import { definePackage, mkDefault } from 'tenon'
import { base } from './base.ts'
import { banner } from './features/banner.ts'
import { strip } from './features/strip.ts'
import { sums } from './features/sums.ts'

export default definePackage('roman', {
  imports: [base, banner, strip, sums],
  config: {
    strip: mkDefault(true),
  },
  assertions: [
    {
      holds: ({ config }) => !config.banner.enable || !config.banner.text.includes('\n'),
      message: 'banner.text must be one line',
    },
  ],
})
