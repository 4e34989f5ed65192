// node-runner.ts — the main module of a node step: request in, body run, response out. Runs inside; started, not imported.
import { closeSync, openSync, readFileSync, readlinkSync, readSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { NotJsonError } from '../../../dsl/plan/json.ts'
import { placeholderPath } from '../../../dsl/plan/placeholder.ts'
import { shellIn } from './command.ts'
import { files } from './node-files.ts'
import { type BodyModule, lossless, outputPaths, type Request } from './request.ts'

const [, , step = '', stops] = process.argv
let isCopy = false
if (stops === 'stop') waitForStep()
const answers = join(step, 'out')
const body = join(step, 'body.js')
process.argv = [process.execPath, body]

process.umask(0o022)
delete process.env['PWD'] // bubblewrap's own
writeFileSync(join(answers, 'status'), 'running')
process.on('exit', (code) => {
  writeFileSync(join(answers, 'status'), `exited ${code}`)
  if (isCopy) process.env['TENON_EXIT_STATUS'] = String(code) // for zygote.c, which ends the process
})
void run()

/** Stops until the step's files are there. This process may go on as a copy of the one that stopped (zygote.c). */
function waitForStep(): void {
  process.kill(process.pid, 'SIGSTOP')
  process.chdir(process.cwd()) // the same path is another folder now
  const pid = Number(readlinkSync('/proc/self'))
  isCopy = pid !== process.pid
  if (!isCopy) return
  Object.defineProperty(process, 'pid', { value: pid })
  setFlagsFromString(`--random-seed=${randomSeed()}`) // Math.random() would say the same in each copy
}

/** Not 0, which to V8 means none. */
function randomSeed(): number {
  const file = openSync('/dev/urandom', 'r')
  const bytes = Buffer.alloc(4)
  readSync(file, bytes)
  closeSync(file)
  return (bytes.readInt32LE() & 0x7fffffff) | 1
}

async function run(): Promise<void> {
  try {
    // The driver wrote this file, with these members.
    const request = JSON.parse(readFileSync(join(step, 'request.json'), 'utf8')) as Request
    const { default: bodyOf } = await loadBody()
    answer(request, await bodyOf(request.captures)(contextOf(request)))
    process.exit(0) // whatever timers and servers the body left
  } catch (error) {
    process.stderr.write(`${error instanceof NotJsonError ? error.message : inspect(error)}\n`)
    process.exit(1)
  }
}

/** CommonJS as a rule; a module when something in it awaits at the top level, which `require` refuses. */
async function loadBody(): Promise<BodyModule> {
  // The loader wrote this file; see ARCHITECTURE.md.
  try {
    return createRequire(body)(body) as BodyModule
  } catch (error) {
    if (!isCoded(error) || error.code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error
    return (await import(pathToFileURL(body).href)) as BodyModule
  }
}

function isCoded(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error
}

function contextOf(request: Request): object {
  return {
    input: request['input'],
    params: request['params'],
    out: outputPaths(request.outputs),
    placeholder: (field: string) => placeholderPath(request.chain, field),
    platform: request['platform'],
    $: shellIn(process.cwd()),
    files,
    log: (line: unknown) => void process.stdout.write(`${typeof line === 'string' ? line : inspect(line)}\n`),
  }
}

function answer(request: Request, output: unknown): void {
  const file = join(answers, 'response.json')
  writeFileSync(`${file}.part`, lossless(request, output))
  renameSync(`${file}.part`, file)
}
