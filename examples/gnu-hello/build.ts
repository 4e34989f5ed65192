// build.ts — GNU hello from its release: fetched by hash, patched, built, tested, installed, run.
import { chain } from 'tenon'
import {
  applyPatches,
  checkStep,
  configure,
  fetchUrl,
  make,
  makeInstall,
  runProgram,
  unpack,
} from 'tenon/steps'

export default chain(
  'hello',
  fetchUrl({
    url: 'https://ftp.gnu.org/gnu/hello/hello-2.10.tar.gz',
    mirrors: ['https://ftpmirror.gnu.org/gnu/hello/hello-2.10.tar.gz'],
    hash: 'sha256-MeBmE3qWJnbon2nRtlOC3pWn732RS4y5VvQepy4PUWs=',
  }),
  unpack(),
  applyPatches({ patches: ['./greeting.patch'] }).as('patch'),
  configure({ flags: ['--disable-nls'] }),
  make(),
  checkStep(),
  makeInstall().as('install'),
  runProgram({ program: 'bin/hello', expectStdout: 'Hello from Tenon: every step fits the next!' }).as('run'),
)
