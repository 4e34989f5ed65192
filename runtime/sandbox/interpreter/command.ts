// command.ts — `$` of a body: one command, no shell. Runs inside the step, bundled into its runner.
import { resolve } from 'node:path'
import {
  CommandError,
  type CommandResult,
  notStarted,
  outcome,
  type Shell,
  shown,
  tracked,
} from './command-error.ts'
import { type Argument, words } from './command-words.ts'

export function shellIn(directory: string): Shell {
  const run = (parts: TemplateStringsArray, ...values: readonly Argument[]): Promise<CommandResult> =>
    tracked(() => runCommand(words(parts, values), directory))
  return Object.assign(run, { in: (other: string) => shellIn(resolve(directory, other)) })
}

function runCommand(argv: readonly string[], directory: string): Promise<CommandResult> {
  const [file, ...args] = argv
  if (file === undefined) return Promise.reject(new TypeError('$ needs a command'))
  process.stdout.write(`$ ${shown(argv)}\n`)
  const { promise, resolve: done, reject } = Promise.withResolvers<CommandResult>()
  // Loaded when first used: it takes 7 ms, and many bodies run no command.
  const { spawn } = process.getBuiltinModule('node:child_process')
  const child = spawn(file, args, { cwd: directory, stdio: ['ignore', 'pipe', 'inherit'] })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    process.stdout.write(chunk)
  })
  child.on('error', (error) => {
    const missing = 'code' in error && error.code === 'ENOENT'
    const fact = `could not be started: ${error.message}`
    reject(
      missing
        ? notStarted(argv, directory)
        : new CommandError(argv, fact, { code: null, signal: null, stdout: '' }),
    )
  })
  // A daemon may keep the pipe open after the command has ended: wait for the command, then for what it wrote.
  child.on('exit', (code, signal) => {
    const end = (): void => {
      child.stdout.destroy()
      const result = outcome(argv, { code, signal, stdout: Buffer.concat(chunks).toString() })
      if (result instanceof CommandError) reject(result)
      else done(result)
    }
    const patience = setTimeout(end, 1000)
    child.on('close', () => {
      clearTimeout(patience)
      end()
    })
  })
  return promise
}
