// build.ts — packages the program in program/: source → version file → bundle → test → pack → verify.
import { chain } from 'tenon'
import { localSource, npmPack } from 'tenon/steps'
import { bundle } from './steps/bundle.ts'
import { nodeTest } from './steps/node-test.ts'
import { verify } from './steps/verify.ts'
import { versionFile } from './steps/version-file.ts'

export default chain(
  'mdtoc',
  localSource({ root: './program' }),
  versionFile({ target: 'src/version.ts' }),
  bundle({ entry: 'src/mdtoc.ts', target: 'dist/mdtoc.js' }),
  nodeTest({ files: 'test/**/*.test.ts' }),
  npmPack(),
  verify({
    program: 'dist/mdtoc.js',
    markdown: '# Tenon\n## Steps\n## Chains\n',
    expect: '- [Tenon](#tenon)\n  - [Steps](#steps)\n  - [Chains](#chains)',
  }),
)
