// example-builds.ts — examples, built by the command into a store that lives as long as the tests of one file.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { shareCaches, temporaryFolder } from '../temporary-folder.ts'

export const ROOT = join(import.meta.dirname, '../..')
const HELLO_FOLDER = 'https://ftp.gnu.org/gnu/hello/'
const HELLO = 'hello-2.10.tar.gz'
/** A folder with upstream archives, for machines without a way to their hosts. */
const SOURCES = process.env['TENON_TEST_SOURCES']
/** The store; also a place for copies of examples. */
export const home = temporaryFolder('examples')
shareCaches(home)

interface Finished {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export function tenon(...args: readonly string[]): Promise<Finished> {
  const env = { ...process.env, TENON_HOME: home }
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['dist/tenon.cjs', ...args],
      { cwd: ROOT, env, maxBuffer: 1 << 26 },
      (error, stdout, stderr) =>
        resolve({ exitCode: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    )
  })
}

export async function built(...args: readonly string[]): Promise<Record<string, unknown>> {
  const { exitCode, stdout, stderr } = await tenon('build', ...args, '--no-link')
  assert.equal(exitCode, 0, stderr)
  const document: unknown = JSON.parse(stdout)
  assert.ok(typeof document === 'object' && document !== null)
  return { ...document }
}

export function hasCommands(...commands: readonly string[]): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return commands.every((command) => folders.some((folder) => existsSync(join(folder, command))))
}

async function whyUnreachable(url: string): Promise<string | null> {
  try {
    const response = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(10_000) })
    return response.ok ? null : `${url} answers ${response.status}`
  } catch {
    return `${new URL(url).host} cannot be reached`
  }
}

/** How to get GNU hello here, or why it can't be built. */
export async function helloMirror(): Promise<
  { readonly mirror: readonly string[] } | { readonly lacks: string }
> {
  if (!hasCommands('cc', 'make')) return { lacks: 'this machine has no C compiler or no make' }
  if (SOURCES !== undefined && existsSync(join(SOURCES, HELLO)))
    return { mirror: ['--mirror', `${HELLO_FOLDER}=${SOURCES}`] }
  const unreachable = await whyUnreachable(HELLO_FOLDER + HELLO)
  return unreachable === null
    ? { mirror: [] }
    : { lacks: `${unreachable}, and TENON_TEST_SOURCES names no folder with ${HELLO}` }
}
