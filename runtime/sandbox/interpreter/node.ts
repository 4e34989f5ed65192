// node.ts — what is at /tenon/interpreter in a node step: node-runner.ts with what it imports, and an empty file where Node is mounted.
import { modulesAsText, runnerFolder } from './runner-folder.ts'

/** Set by the bundler: node-runner.ts with its imports as one CommonJS file, which Node loads 15 ms sooner than modules. */
declare const TENON_NODE_RUNNER: string | undefined

/** Physical; made once in a home. `node-runner.cjs` is the file to start, `node` an empty one. */
export function nodeInterpreterDirectory(home: string): string {
  return runnerFolder(home, 'node', () => ({
    'node-runner.cjs':
      typeof TENON_NODE_RUNNER === 'string' ? TENON_NODE_RUNNER : "require('./interpreter-node-runner.mjs')",
    ...(typeof TENON_NODE_RUNNER === 'string' ? {} : modulesAsText(MODULES)),
    node: '',
  }))
}

// prettier-ignore
const MODULES = [
  ...['node-runner', 'command', 'command-error', 'command-words', 'request', 'node-files', 'body-files']
    .map((name) => `runtime/sandbox/interpreter/${name}`),
  ...['digest', 'json', 'placeholder'].map((name) => `dsl/plan/${name}`),
]
