// runner.ts — the main module of a quickjs step: request in, body run, response out. Runs inside; started, not imported.
import type { Digest } from '../../../dsl/plan/digest.ts'
import { NotJsonError } from '../../../dsl/plan/json.ts'
import { placeholderPath } from '../../../dsl/plan/placeholder.ts'
import { type BodyModule, lossless, outputPaths, type Request } from '../interpreter/request.ts'
import { shellIn } from './command.ts'
import { files } from './files.ts'
import { type OpenFile, os, std } from './host.ts'
import { inspect } from './inspect.ts'
import { sha256 } from './sha256.ts'

if (typeof WeakRef === 'undefined') {
  std.err.puts('this quickjs is too old: QuickJS 2025-04-26 or newer, or quickjs-ng, is needed\n')
  std.exit(1)
}

// `qjs` sets it: the file that it was told to run, the step's folder, perhaps 'stop'. TypeScript knows Node's globals alone.
const [, step = '', stops] = (globalThis as unknown as { readonly scriptArgs: readonly string[] }).scriptArgs
if (stops === 'stop') {
  os.kill(os.getpid(), os.SIGSTOP) // until the step's files are there
  os.chdir(os.getcwd()[0]) // the same path is another folder now
}
const answers = `${step}/out`

std.unsetenv('PWD') // bubblewrap's own
files.writeText(`${answers}/status`, 'running')
offerGlobals()
run().catch(fail)

async function run(): Promise<void> {
  // The driver wrote this file, with these members.
  const request = JSON.parse(files.readText(`${step}/request.json`)) as Request
  // The loader wrote this one; see ARCHITECTURE.md.
  const { default: bodyOf } = (await import(`${step}/body.js`)) as BodyModule
  answer(request, await bodyOf(request.captures)(contextOf(request)))
  std.exit(0) // whatever timers the body left
}

function fail(error: unknown): never {
  line(std.err, error instanceof NotJsonError ? error.message : inspect(error))
  std.exit(1)
}

function contextOf(request: Request): object {
  return {
    input: request['input'],
    params: request['params'],
    out: outputPaths(request.outputs),
    placeholder: (field: string) => placeholderPath(request.chain, field, (text) => sha256(text) as Digest), // SHA-256, in hex
    platform: request['platform'],
    $: shellIn(os.getcwd()[0]),
    files,
    log: (value: unknown) => line(std.out, inspect(value)),
  }
}

/** What both the language of browsers and Node have, and bodies and their libraries often use. */
function offerGlobals(): void {
  const to =
    (stream: OpenFile) =>
    (...values: readonly unknown[]) =>
      line(stream, values.map(inspect).join(' '))
  const [out, err] = [to(std.out), to(std.err)]
  const console = { log: out, info: out, debug: out, warn: err, error: err }
  const timers = {
    setTimeout: (act: (...args: readonly unknown[]) => void, delayMs = 0, ...args: readonly unknown[]) =>
      os.setTimeout(() => {
        try {
          act(...args)
        } catch (error) {
          fail(error)
        }
      }, delayMs),
    clearTimeout: (timer?: object) => {
      if (timer !== undefined) os.clearTimeout(timer)
    },
  }
  Object.assign(globalThis, { console, ...timers })
  for (const name of ['std', 'os', 'scriptArgs', 'print']) Reflect.deleteProperty(globalThis, name)
}

function line(stream: OpenFile, text: string): void {
  stream.puts(`${text.toWellFormed()}\n`)
  stream.flush()
}

function answer(request: Request, output: unknown): void {
  const file = `${answers}/response.json`
  files.writeText(`${file}.part`, lossless(request, output))
  os.rename(`${file}.part`, file)
}
