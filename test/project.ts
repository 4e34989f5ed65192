// project.ts — a real project in a temporary folder, with its own store, built as a user would. Asserts nothing.
import { spawn, type ChildProcess } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { build, type BuildOptions, type BuildResult } from '../runtime/commands/build.ts'
import type { BuildEvent } from '../runtime/report/event.ts'
import { shareCaches, temporaryFolder } from './temporary-folder.ts'

export const ROOT = dirname(import.meta.dirname)
export const COMMAND = join(ROOT, 'dist', 'tenon')
/** With the Node of the tests first, as the command finds it. */
export const PATH = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`

export interface Built extends BuildResult {
  readonly events: readonly BuildEvent[]
  /** Names of the steps that ran now, in the order in which they finished. */
  readonly ran: readonly string[]
  /** Names of the steps that were found in the store. */
  readonly found: readonly string[]
  readonly processes: number
}
export interface Ran {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface TenonOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly input?: string
  readonly uid?: number
  /** A command line that runs the command. */
  readonly within?: readonly string[]
  /** Called with what has come on standard error so far, whenever more comes. */
  readonly onError?: (text: string, child: ChildProcess) => void
}

export class Project {
  readonly directory: string
  readonly home: string

  /**
   * `files`: path → text; a text that begins with `#!` becomes executable.
   * `home`: that of another project.
   */
  constructor(files: Readonly<Record<string, string>> = {}, home?: string) {
    const base = temporaryFolder('test')
    this.directory = join(base, 'project')
    this.home = home ?? join(base, 'home')
    mkdirSync(join(this.directory, 'node_modules'), { recursive: true })
    symlinkSync(ROOT, join(this.directory, 'node_modules', 'tenon'))
    for (const name of ['zod', '@types'])
      symlinkSync(join(ROOT, 'node_modules', name), join(this.directory, 'node_modules', name))
    this.write({ 'package.json': '{ "name": "project", "type": "module" }', ...files })
    if (home === undefined) shareCaches(this.home)
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.directory, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
      if (text.startsWith('#!')) chmodSync(file, 0o755)
    }
  }

  /** Makes the project and its home those of another user. Only root can. */
  giveTo(uid: number): void {
    rmSync(join(this.home, 'cache'), { recursive: true, force: true }) // what is shared stays who made it's
    const give = (path: string): void => {
      lchownSync(path, uid, uid)
      if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) give(join(path, name))
    }
    give(dirname(this.home))
  }

  /** Empties the store; what was loaded and learnt about the machine stays. */
  forget(): void {
    for (const name of ['store', 'layers', 'objects', 'results'])
      rmSync(join(this.home, name), { recursive: true, force: true })
  }

  /** Everything that the store holds, running builds' scratch included, logs and caches aside. */
  stored(): readonly string[] {
    const folders = ['store', 'layers', 'objects', 'results', 'tmp'].filter((name) =>
      existsSync(join(this.home, name)),
    )
    return folders.flatMap((folder) =>
      readdirSync(join(this.home, folder), { recursive: true, encoding: 'utf8' })
        .map((path) => `${folder}/${path}`)
        .toSorted(),
    )
  }

  /** Ids of the machine's processes that have `text` as an argument. */
  processesWith(text: string): readonly string[] {
    return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && argumentsOf(pid).includes(text))
  }

  /** What a build of the target, `[file][#export][@step]`, is asked for; its events go to `events`. */
  buildOptions(target: string, events: BuildEvent[]): BuildOptions {
    const [, file = '', exportName = '', step = ''] = /^([^#@]*)(?:#([^@]*))?(?:@(.*))?$/.exec(target) ?? []
    return {
      file: join(this.directory, file || 'build.ts'),
      exportName: exportName || 'default',
      step: step || null,
      home: this.home,
      jobs: availableParallelism(),
      keepGoing: false,
      keepFailed: false,
      force: false,
      frozen: false,
      offline: false,
      mirrors: [],
      rung: 'auto',
      granularity: { kind: 'split' },
      signal: new AbortController().signal,
      onEvent: (event) => events.push(event),
    }
  }

  /** Builds in this process; target as buildOptions has it. */
  async build(target = '', options: Partial<BuildOptions> = {}): Promise<Built> {
    const events: BuildEvent[] = []
    const result = await build({ ...this.buildOptions(target, events), ...options })
    result.release()
    const named = (from: 'run' | 'store'): readonly string[] =>
      events.flatMap((event) =>
        event.kind === 'step-finished' && event.from === from ? [event.label.step] : [],
      )
    const processes = events.reduce(
      (sum, event) => sum + (event.kind === 'finished' ? event.processes : 0),
      0,
    )
    return { ...result, events, ran: named('run'), found: named('store'), processes }
  }

  /** Runs the command as a user does, from the project's folder. */
  async tenon(args: readonly string[], options: TenonOptions = {}): Promise<Ran> {
    const [file = COMMAND, ...words] = [...(options.within ?? []), COMMAND, ...args]
    const child = spawn(file, words, {
      cwd: this.directory,
      env: {
        PATH,
        HOME: dirname(this.home),
        TENON_HOME: this.home,
        NO_COLOR: '1',
        ...options.env,
      },
      ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    })
    child.stdin.on('error', () => undefined) // a command may end before it has read anything
    child.stdin.end(options.input ?? '')
    const stdout = text(child.stdout)
    const stderr = text(child.stderr, (all) => options.onError?.(all, child))
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (...end) => resolve(end))
    })
    return { code, signal, stdout: await stdout, stderr: await stderr }
  }
}

function argumentsOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    return [] // it has ended meanwhile
  }
}

async function text(stream: NodeJS.ReadableStream, onText?: (all: string) => void): Promise<string> {
  let all = ''
  for await (const chunk of stream) {
    all += String(chunk)
    onText?.(all)
  }
  return all
}
