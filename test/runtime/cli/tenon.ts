// tenon.ts — the command in a project of its own, for end-to-end tests.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, globSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { shareCaches, temporaryFolder } from '../../temporary-folder.ts'

export const REPOSITORY = join(import.meta.dirname, '../../..')
const BUNDLE = join(REPOSITORY, 'dist/tenon.cjs')
const SOURCE = join(REPOSITORY, 'runtime/cli/main.ts')

/** What is shipped, when it is up to date; else the sources. TENON_TEST_COMMAND is another one. */
export const commandFile = process.env.TENON_TEST_COMMAND ?? (isBundleFresh() ? BUNDLE : SOURCE)

function isBundleFresh(): boolean {
  if (!existsSync(BUNDLE)) return false
  const builtAtMs = statSync(BUNDLE).mtimeMs
  const sources = globSync(['dsl/**/*.ts', 'runtime/**/*.ts', 'stdlib-steps/**/*.ts'], { cwd: REPOSITORY })
  return sources.every((file) => statSync(join(REPOSITORY, file)).mtimeMs <= builtAtMs)
}

export interface Run {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number | null
}
export interface Project {
  readonly directory: string
  readonly home: string
  readonly write: (file: string, text: string) => void
  readonly tenon: (...args: readonly string[]) => Run
  readonly tenonWith: (
    options: { input?: string; env?: Readonly<Record<string, string>> },
    ...args: readonly string[]
  ) => Run
  /** Runs beside the test; its standard output and error are pipes. */
  readonly start: (...args: readonly string[]) => ChildProcess
}

/** A directory with `files`, and a store that goes with it. */
export function project(
  files: Readonly<Record<string, string>>,
  installed: readonly string[] = ['zod'],
): Project {
  const root = temporaryFolder('cli')
  const directory = join(root, 'project')
  const home = join(root, 'home')
  shareCaches(home)
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(directory, file)), { recursive: true })
    writeFileSync(join(directory, file), text)
  }
  mkdirSync(directory)
  write('package.json', '{ "name": "project", "type": "module" }\n')
  for (const [file, text] of Object.entries(files)) write(file, text)
  mkdirSync(join(directory, 'node_modules'))
  for (const name of installed)
    symlinkSync(join(REPOSITORY, 'node_modules', name), join(directory, 'node_modules', name))
  const env = { PATH: process.env.PATH ?? '', HOME: root, TENON_HOME: home }
  const tenonWith: Project['tenonWith'] = (options, ...args) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [commandFile, ...args], {
      cwd: directory,
      env: { ...env, ...options.env },
      input: options.input ?? '',
      encoding: 'utf8',
    })
    return { stdout, stderr, exitCode: status }
  }
  return {
    directory,
    home,
    write,
    tenonWith,
    tenon: (...args) => tenonWith({}, ...args),
    start: (...args) =>
      spawn(process.execPath, [commandFile, ...args], { cwd: directory, env, stdio: 'pipe' }),
  }
}
