// command.ts — `$` of a quickjs body: one command, no shell. Runs inside the step, bundled into its runner.
import {
  type CommandResult,
  CommandError,
  notStarted,
  outcome,
  type Shell,
  shown,
  tracked,
} from '../interpreter/command-error.ts'
import { type Argument, words } from '../interpreter/command-words.ts'
import { writeAll } from './files.ts'
import { checked, os, std } from './host.ts'
import { decodeUtf8, joined } from './utf8.ts'

export function shellIn(directory: string): Shell {
  const run = (parts: TemplateStringsArray, ...values: readonly Argument[]): Promise<CommandResult> =>
    tracked(() => runCommand(words(parts, values), directory))
  const inside = (other: string): string => (other.startsWith('/') ? other : `${directory}/${other}`)
  return Object.assign(run, { in: (other: string) => shellIn(inside(other)) })
}

/** Without its own output nothing is lost: what a command wrote before it ended is in the pipe. */
const PATIENCE_MS = 1000
const LONGEST_WAIT_MS = 50
// prettier-ignore
const SIGNALS = [
  'SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGKILL', 'SIGUSR1', 'SIGSEGV',
  'SIGUSR2', 'SIGPIPE', 'SIGALRM', 'SIGTERM', 'SIGSTKFLT', 'SIGCHLD', 'SIGCONT', 'SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU',
  'SIGURG', 'SIGXCPU', 'SIGXFSZ', 'SIGVTALRM', 'SIGPROF', 'SIGWINCH', 'SIGIO', 'SIGPWR', 'SIGSYS',
]
const CHUNK_BYTES = 1 << 16

async function runCommand(argv: readonly string[], directory: string): Promise<CommandResult> {
  const [name] = argv
  if (name === undefined) throw new TypeError('$ needs a command')
  std.out.puts(`$ ${shown(argv)}\n`)
  std.out.flush()
  if (!isDirectory(directory) || !isCommand(name, directory)) throw notStarted(argv, directory)
  const [readEnd, writeEnd] = os.pipe() ?? [-1, -1]
  const pid = checked(os.exec(argv, { block: false, cwd: directory, stdout: writeEnd }))
  os.close(writeEnd)
  const output = new Output(readEnd)
  const status = await ended(pid, output)
  if (!output.isComplete) await output.complete(PATIENCE_MS) // a daemon may keep the pipe open
  const signal = status & 0x7f
  const result = outcome(argv, {
    code: signal === 0 ? (status >> 8) & 0xff : null,
    signal: signal === 0 ? null : (SIGNALS[signal - 1] ?? `signal ${signal}`),
    stdout: output.end(),
  })
  if (result instanceof CommandError) throw result
  return result
}

/** The status of wait(2). There is no event for it, so it is asked for: soon at first, at once when the output has ended. */
async function ended(pid: number, output: Output): Promise<number> {
  for (let wait = 1; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    const [found, status] = os.waitpid(pid, os.WNOHANG)
    if (found !== 0) return checked(found) === pid ? status : 0
    if (output.isComplete) await after(1)
    else await output.complete(wait)
  }
}

function after(delayMs: number): Promise<void> {
  return new Promise((resolve) => void os.setTimeout(resolve, delayMs))
}

/** Reads a pipe to its end, into the log too. */
class Output {
  isComplete = false
  readonly #descriptor: number
  readonly #chunks: Uint8Array[] = []
  #onComplete: () => void = () => undefined

  constructor(descriptor: number) {
    this.#descriptor = descriptor
    const buffer = new ArrayBuffer(CHUNK_BYTES)
    os.setReadHandler(descriptor, () => {
      const length = checked(os.read(descriptor, buffer, 0, CHUNK_BYTES))
      if (length === 0) return this.#complete()
      this.#chunks.push(new Uint8Array(buffer.slice(0, length)))
      writeAll(1, buffer, length)
    })
  }

  /** Resolves when it is complete, or later. */
  complete(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = os.setTimeout(resolve, timeoutMs)
      this.#onComplete = () => {
        os.clearTimeout(timer)
        resolve()
      }
    })
  }

  #complete(): void {
    this.isComplete = true
    os.setReadHandler(this.#descriptor, null)
    this.#onComplete()
  }

  end(): string {
    os.setReadHandler(this.#descriptor, null)
    os.close(this.#descriptor)
    return decodeUtf8(joined(this.#chunks))
  }
}

function isDirectory(path: string): boolean {
  const [status] = os.stat(path)
  return status !== null && (status.mode & os.S_IFMT) === os.S_IFDIR
}

/** What execvp would find. A command that cannot be executed is no command. */
function isCommand(name: string, directory: string): boolean {
  const folders = name.includes('/')
    ? [name.startsWith('/') ? '' : directory]
    : (std.getenv('PATH') ?? '').split(':')
  return folders.some((folder) => {
    const [status] = os.stat(folder === '' ? name : `${folder}/${name}`)
    return status !== null && (status.mode & os.S_IFMT) === os.S_IFREG && (status.mode & 0o111) !== 0
  })
}
