// temp-project.ts — a real project in a directory of its own, for the tests of loading.
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import type { Planned } from '../../../dsl/plan/plan.ts'
import { bodyFile, load, type Loaded } from '../../../runtime/load/load.ts'
import { makePlan } from '../../../runtime/load/planner/make-plan.ts'
import { projectRoot as nearestRoot } from '../../../runtime/load/project-root.ts'
import { shareCaches, temporaryFolder } from '../../temporary-folder.ts'

export const REPOSITORY = dirname(dirname(dirname(import.meta.dirname)))

export function tempDirectory(): string {
  return realpathSync(temporaryFolder('load'))
}

/** A home with nothing loaded yet. */
export function tempHome(): string {
  const home = tempDirectory()
  shareCaches(home)
  return home
}

// One cache for the tests of a file: entries are by content, so they cannot mislead each other.
const sharedHome = tempHome()

export type Files = Readonly<Record<string, string>>

export class TempProject {
  readonly directory = tempDirectory()
  home = sharedHome
  typeCheck = false
  locked: Readonly<Record<string, string>> = {}

  /** `isInstalled` false: neither tenon nor zod is in node_modules. */
  constructor(files: Files, { isInstalled = true } = {}) {
    this.write('package.json', '{ "name": "project", "type": "module" }')
    for (const [path, text] of Object.entries(files)) this.write(path, text)
    if (!isInstalled) return
    mkdirSync(this.path('node_modules'), { recursive: true })
    symlinkSync(REPOSITORY, this.path('node_modules/tenon'))
    symlinkSync(join(REPOSITORY, 'node_modules/zod'), this.path('node_modules/zod'))
  }

  path(path: string): string {
    return join(this.directory, path)
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true })
    writeFileSync(this.path(path), text)
  }

  load(file = 'build.ts'): Promise<Loaded> {
    const context = { platform: { os: 'linux', arch: 'x64' }, locked: this.locked } as const
    return load({ file: this.path(file), home: this.home, context, typeCheck: this.typeCheck })
  }

  /** The plan made in this process, and so at once; as load() does it when types are to be checked. */
  async plan(file = 'build.ts'): Promise<Planned> {
    if (this.typeCheck) return this.load(file)
    const { home, locked } = this
    const [path, context] = [this.path(file), { platform: { os: 'linux', arch: 'x64' }, locked } as const]
    const projectRoot = nearestRoot(path)
    const text = await makePlan({ file: path, home, context, typeCheck: false, projectRoot, key: path })
    return JSON.parse(text) as Planned // planModule wrote it
  }

  /** The digests of all module bodies, in the plan's order. */
  async digests(file?: string): Promise<readonly string[]> {
    const { plan } = await this.plan(file)
    return plan.steps.flatMap(({ body }) => (body.kind === 'module' ? [body.digest] : []))
  }

  /** Runs the body of the step of this name as the runner does. */
  async run(step: string, context: object = {}, file?: string): Promise<unknown> {
    const { plan } = await this.plan(file)
    const body = plan.steps.find(({ name }) => name === step)?.body
    if (body?.kind !== 'module') throw new Error(`no module body: ${step}`)
    // What the bundle of a body exports.
    type Body = { default: (captures: object) => (context: object) => unknown }
    const loaded = (await import(pathToFileURL(bodyFile(this.home, body.digest)).href)) as Body & {
      'module.exports'?: Body // when it is CommonJS
    }
    return (loaded['module.exports'] ?? loaded).default(body.captures)(context)
  }

  /** The error that planning, or loading, ends with. */
  async failure(file?: string): Promise<CodedError> {
    try {
      await this.plan(file)
    } catch (error) {
      if (error instanceof CodedError) return error
      throw error
    }
    throw new Error('it loaded')
  }

  /** The same, in one line: `TN1200 build.ts:3:4 message`. */
  async refusal(file?: string): Promise<string> {
    const { code, position, message } = await this.failure(file)
    const where = position === undefined ? '-' : `${position.file}:${position.line}:${position.column}`
    return `${code} ${where} ${message}`.replaceAll(`${this.directory}/`, '')
  }
}

/** A build file with one step `one` whose body is `run`, after `top`. */
export function oneStep(run: string, top = ''): string {
  return `import { z } from 'zod'
import { chain, defineStep } from 'tenon'
${top}
const one = defineStep({ name: 'one', output: z.object({ value: z.any() }), ${run} })
export default chain('main', one())
`
}
