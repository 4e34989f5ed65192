// node-runner.ts — the main module of a node step: request in, body run, response out. Runs inside; started, not imported.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import { NotJsonError } from '../../../dsl/plan/json.ts'
import { placeholderPath } from '../../../dsl/plan/placeholder.ts'
import { shellIn } from './command.ts'
import { files } from './node-files.ts'
import { type BodyModule, lossless, outputPaths, type Request } from './request.ts'

const [, , step = '', stops] = process.argv
if (stops === 'stop') {
  process.kill(process.pid, 'SIGSTOP') // until the step's files are there
  process.chdir(process.cwd()) // the same path is another folder now
}
const answers = join(step, 'out')
const body = join(step, 'body.js')
process.argv = [process.execPath, body]

process.umask(0o022)
delete process.env['PWD'] // bubblewrap's own
writeFileSync(join(answers, 'status'), 'running')
process.on('exit', (code) => writeFileSync(join(answers, 'status'), `exited ${code}`))
void run()

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
