// whole-run.ts — before and after all test files of a run: their one folder, what each would find out anew, and its end.
import { join } from 'node:path'
import { probeRungs } from '../runtime/sandbox/rungs.ts'
import { keepRungs, makeRunFolder, removeFolder, shareCaches } from './temporary-folder.ts'

const folder = makeRunFolder()

export async function globalSetup(): Promise<void> {
  process.env['TENON_TEST_RUN'] = folder
  // The test processes load much the same modules. The command under test keeps its own compiled code, in its home.
  process.env['NODE_COMPILE_CACHE'] = join(folder, 'node')
  // The compiler of types makes little garbage that is worth collecting in so short a life.
  process.env['GOGC'] ??= '400'
  const home = join(folder, 'home')
  shareCaches(home)
  await probeRungs(home)
  keepRungs(home)
}

export function globalTeardown(): void {
  removeFolder(folder)
}
