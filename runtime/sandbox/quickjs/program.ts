// program.ts — how quickjs is started, and its runner as text. What runs inside is runner.ts's.
import { readFileSync } from 'node:fs'
import { modulesAsText, runnerFolder } from '../interpreter/runner-folder.ts'

/** Set by the bundler: runner.ts with its imports as one module. */
declare const TENON_QUICKJS_RUNNER: string | undefined

/** Physical; made once in a home. `quickjs-runner.mjs` is the file to start. */
export function quickjsInterpreterDirectory(home: string): string {
  return runnerFolder(home, 'quickjs', () =>
    typeof TENON_QUICKJS_RUNNER === 'string'
      ? { 'quickjs-runner.mjs': TENON_QUICKJS_RUNNER }
      : modulesAsText(MODULES),
  )
}

// prettier-ignore
const MODULES = [
  ...['runner', 'host', 'files', 'command', 'inspect', 'utf8', 'sha256'].map((name) => `runtime/sandbox/quickjs/${name}`),
  ...['command-error', 'command-words', 'request', 'body-files'].map((name) => `runtime/sandbox/interpreter/${name}`),
  ...['digest', 'json', 'placeholder'].map((name) => `dsl/plan/${name}`),
]

/**
 * Options before the file to run. Of two families and many versions, the program's own text says which it is: to ask it
 * would be to run it outside of every sandbox.
 */
export function quickjsOptions(program: string): readonly string[] {
  const text = readFileSync(program, 'latin1')
  // quickjs-ng takes the stack's size in KB and has no other option for promises. 4 MB of stack: 500 levels of a document, and more.
  if (text.includes('QuickJS-ng')) return ['--std', '--stack-size', '4096']
  // This release ends a process at a rejection that is handled a moment later.
  const isHasty = text.includes('2025-04-26')
  return ['--std', '--stack-size', '4194304', ...(isHasty ? ['--no-unhandled-rejection'] : [])]
}
