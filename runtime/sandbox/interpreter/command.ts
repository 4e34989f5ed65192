// command.ts — `$` of a body: one command, no shell. Runs inside the step, bundled into its runner.
import { resolve } from 'node:path'
import { type Argument, words } from './command-words.ts'

export interface CommandResult {
  /** Without the last newline. */
  readonly stdout: string
  readonly exitCode: number
}

export interface Shell {
  (parts: TemplateStringsArray, ...values: readonly Argument[]): Promise<CommandResult>
  in(directory: string): Shell
}

export function shellIn(directory: string): Shell {
  const run = (parts: TemplateStringsArray, ...values: readonly Argument[]): Promise<CommandResult> =>
    runCommand(words(parts, values), directory)
  return Object.assign(run, { in: (other: string) => shellIn(resolve(directory, other)) })
}

/** A command that could not be started, exited with another code than 0, or was killed. */
export class CommandError extends Error {
  readonly command: string
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  constructor(
    argv: readonly string[],
    fact: string,
    ended: { code: number | null; signal: string | null; stdout: string },
  ) {
    super(`\`${shown(argv)}\` ${fact}`)
    this.name = 'CommandError'
    this.command = shown(argv)
    this.code = ended.code
    this.signal = ended.signal
    this.stdout = ended.stdout
  }
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
  const stdout = (): string =>
    Buffer.concat(chunks)
      .toString()
      .replace(/\r?\n$/, '')
  child.on('error', (error) => {
    const missing = 'code' in error && error.code === 'ENOENT'
    const fact = missing
      ? `could not be started: no such command on PATH, or no directory ${directory}`
      : `could not be started: ${error.message}`
    reject(new CommandError(argv, fact, { code: null, signal: null, stdout: '' }))
  })
  // A daemon may keep the pipe open after the command has ended: wait for the command, then for what it wrote.
  child.on('exit', (code, signal) => {
    const end = (): void => {
      child.stdout.destroy()
      if (code === 0) done({ stdout: stdout(), exitCode: 0 })
      else
        reject(
          new CommandError(argv, signal === null ? `exited with code ${code}` : `was killed by ${signal}`, {
            code,
            signal,
            stdout: stdout(),
          }),
        )
    }
    const patience = setTimeout(end, 1000)
    child.on('close', () => {
      clearTimeout(patience)
      end()
    })
  })
  return promise
}

function shown(argv: readonly string[]): string {
  return argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(' ')
}
