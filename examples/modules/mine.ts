// mine.ts — somebody else's roman: a newer version, all features, one step more and one less. build.ts knows nothing of it.
import roman from './build.ts'
import { writeLicence } from './steps/write-licence.ts'

export default roman.extend({
  config: {
    version: '1.1.0', // the source follows
    banner: { enable: true },
    sums: true,
  },
  steps: {
    '35-licence': writeLicence({ holder: 'A. Nother' }),
    '40-test': null,
  },
})
