// configured-mirrors.ts — the mirrors a user asked for: flags, then $TENON_MIRRORS, then config.json. Uses none of them.
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { checkMirror, type Mirror, parseMirror } from './mirror.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** @throws CodedError TN4008 for a mirror that is none, TN4009 for a config.json that can't be read. */
export function configuredMirrors(env: Environment, flags: readonly string[]): Mirror[] {
  const words = (env.TENON_MIRRORS ?? '').split(/\s+/).filter((word) => word !== '')
  return [...[...flags, ...words].map(parseMirror), ...mirrorsOfFile(configFile(env))]
}

function configFile(env: Environment): string {
  const xdg = env.XDG_CONFIG_HOME
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(env.HOME ?? homedir(), '.config')
  return join(base, 'tenon', 'config.json')
}

/** `{ "mirrors": { "FROM": "TO" | ["TO", …] } }`; other members belong to other parts. */
function mirrorsOfFile(file: string): Mirror[] {
  const config = readConfig(file)
  if (config === null) return []
  const mirrors = isRecord(config) ? (config.mirrors ?? {}) : null
  if (!isRecord(mirrors)) throw badConfig(file, '"mirrors" is not an object')
  return Object.entries(mirrors).flatMap(([from, to]) => {
    const all: readonly unknown[] = Array.isArray(to) ? to : [to]
    return all.map((one) => {
      if (typeof one !== 'string')
        throw badConfig(file, `the mirror of ${JSON.stringify(from)} is not a text`)
      return checkMirror({ from, to: one }, `${from}=${one}`)
    })
  })
}

function readConfig(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return null
    throw badConfig(file, error instanceof Error ? error.message : String(error), error)
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw badConfig(file, error instanceof Error ? error.message : String(error), error)
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function badConfig(file: string, why: string, cause?: unknown): CodedError {
  return new CodedError('TN4009', `the configuration cannot be read: ${why}`, {
    hint: 'It is JSON such as {"mirrors": {"https://ftp.gnu.org/gnu/": "https://mirror.example.org/gnu/"}}.',
    position: { file, line: 1, column: 1 },
    cause,
  })
}
