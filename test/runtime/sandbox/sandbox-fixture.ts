// sandbox-fixture.ts — a home in a temporary folder and steps to run in it; what they do is each test's.
import { type ChildProcess, spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { JsonObject } from '../../../dsl/plan/json.ts'
import type { Interpreter } from '../../../dsl/plan/plan.ts'
import { findCommand } from '../../../runtime/sandbox/host/found-files.ts'
import { hostView } from '../../../runtime/sandbox/host-tools.ts'
import { runStep, type StepExit, type StepSpec } from '../../../runtime/sandbox/run-step.ts'
import { makeStepPlace, outputAt } from '../../../runtime/sandbox/step/place.ts'
import { isPlain } from '../../../runtime/sandbox/step/spec.ts'
import type { Rung } from '../../../runtime/sandbox/rungs.ts'
import { memoryOver } from '../../../runtime/sandbox/supervisor/supervised-step.ts'
import { shareCaches, temporaryFolder } from '../../temporary-folder.ts'

export interface Ran {
  readonly exit: StepExit
  readonly log: string
  readonly lines: readonly string[]
  readonly spec: StepSpec
  /** Physical folder of the work tree /build/src. */
  readonly src: string
  /** Physical path of the output `prefix`. */
  readonly prefix: string
  /** The response, parsed. */
  readonly document: unknown
}

export interface StepChoice {
  readonly commands?: readonly string[]
  readonly input?: JsonObject
  readonly params?: JsonObject
  readonly captures?: JsonObject
  /** Fills the input object and the work tree before the step. */
  readonly prepare?: (folders: { readonly object: string; readonly src: string }) => void
  readonly spec?: Partial<StepSpec>
}

export const OBJECT = '/tenon/store/0123456789abcdfghijklmnpqrsvwxyz-object'
export const PREFIX = '/tenon/store/zyxwvsrqpnmlkjihgfdcba9876543210-chain-prefix'

export class SandboxFixture {
  readonly home = temporaryFolder('sandbox')
  readonly #toCome: number
  #count = 0

  /** `toCome`: what each step is told of those that follow it; `isNew`: nothing of the machine is known yet. */
  constructor({ toCome = 0, isNew = false } = {}) {
    this.#toCome = toCome
    if (!isNew) shareCaches(this.home)
  }

  on(rung: Rung): { readonly sh: RunStep; readonly node: RunStep; readonly quickjs: RunStep } {
    return {
      sh: (body, choice = {}) => this.#run(rung, 'sh', body, choice),
      node: (body, choice = {}) => this.#run(rung, 'node', moduleOf(body), choice),
      quickjs: (body, choice = {}) => this.#run(rung, 'quickjs', quickjsModuleOf(body), choice),
    }
  }

  async spec(rung: Rung, interpreter: Interpreter, body: string, choice: StepChoice): Promise<StepSpec> {
    const folder = join(this.home, `step-${this.#count++}`)
    mkdirSync(folder)
    const at = (name: string): string => join(folder, name)
    for (const name of ['object', 'src', 'place', 'memory']) mkdirSync(at(name))
    const memory = rung === 'supervisor' ? await memoryOver(this.home, at('memory'), 128 << 20) : undefined
    choice.prepare?.({ object: at('object'), src: at('src') })
    writeFileSync(at('body'), body)
    chmodSync(at('object'), 0o555)
    return {
      rung,
      interpreter,
      body: interpreter === 'sh' ? { kind: 'script', text: body } : { kind: 'module', file: at('body') },
      request: {
        chain: 'chain',
        step: 'step',
        input: choice.input ?? {},
        params: choice.params ?? {},
        captures: choice.captures ?? {},
        outputs: { '/prefix': PREFIX },
        platform: { os: 'linux', arch: 'x64' },
      },
      inputs: [{ path: OBJECT, physical: at('object'), kind: 'tree' }],
      workTrees: [{ path: '/build/src', physical: at('src') }],
      outputs: [{ pointer: '/prefix', path: PREFIX }],
      view: await hostView(this.home, choice.commands ?? [], interpreter),
      toolTrees: [],
      network: false,
      timeoutMs: 60_000,
      toCome: this.#toCome,
      place: makeStepPlace(at('place'), memory),
      home: this.home,
      logFile: at('log'),
      maxLogBytes: 1 << 20,
      signal: new AbortController().signal,
      onLine: () => undefined,
      ...choice.spec,
    }
  }

  async #run(rung: Rung, interpreter: Interpreter, body: string, choice: StepChoice): Promise<Ran> {
    const lines: string[] = []
    const given: StepSpec = {
      ...(await this.spec(rung, interpreter, body, choice)),
      onLine: (line) => void lines.push(line),
    }
    const exit = await runStep(given)
    return {
      exit,
      lines,
      spec: given,
      log: existsSync(given.logFile) ? readFileSync(given.logFile, 'utf8') : '',
      src: sourceOf(given),
      prefix: outputAt(given.place, PREFIX),
      document: exit.kind === 'answered' ? JSON.parse(exit.response) : undefined,
    }
  }
}

type RunStep = (body: string, choice?: StepChoice) => Promise<Ran>

/** The physical folder of the first work tree. */
export function sourceOf(spec: StepSpec): string {
  return spec.workTrees.find(isPlain)?.physical ?? ''
}

const CONTEXT = '{ input, params, out, placeholder, platform, $, files, log }'

/** `body` is the inside of the async function that is the step's `run`. */
function moduleOf(body: string): string {
  return `const fs = require('node:fs'), net = require('node:net'), os = require('node:os')
exports.default = (captures) => async (${CONTEXT}) => {\n${body}\n}`
}
function quickjsModuleOf(body: string): string {
  return `
export default (captures) => async (${CONTEXT}) => {\n${body}\n}`
}

export const NO_QUICKJS = findCommand('qjs') === undefined ? 'qjs is not on this machine' : false

/** Running processes with `text` in their command line, this one and zombies left out. */
export function processesWith(text: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(text)
      } catch {
        return false
      }
    })
}

let tokens = 0
/** A number of seconds to sleep that no other process of this machine sleeps. */
export function sleepToken(): string {
  return `${100000 + process.pid}.${++tokens}`
}

/** A second process of Node that runs the step. */
export function startDriver(spec: StepSpec): ChildProcess {
  const sources = join(import.meta.dirname, '../../../runtime/sandbox')
  const program = `import { runStep } from ${JSON.stringify(join(sources, 'run-step.ts'))}
    import { makeStepPlace } from ${JSON.stringify(join(sources, 'step/place.ts'))}
    const place = makeStepPlace(${JSON.stringify(mkdtempSync(join(spec.home, 'place-')))})
    await runStep({ ...${JSON.stringify(spec)}, place, signal: new AbortController().signal, onLine() {} })`
  return spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' })
}
