// bundle-error.ts — where in a source file the bundler's complaint belongs. Its own positions are of text already cut.
import { readFileSync } from 'node:fs'
import type { Message } from 'esbuild'
import type { SourcePosition } from '../../../dsl/plan/plan.ts'

/** The specifier that a message is about. */
export function unresolved(message: Message): string | undefined {
  return /^Could not resolve "(.*?)"/.exec(message.text)?.[1]
}

/** The first place in `file` that names `specifier` as a string; undefined when it does not. */
export function positionOfText(file: string, specifier: string): SourcePosition | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined // a virtual module
  }
  const offsets = ["'", '"', '`']
    .map((quote) => text.indexOf(quote + specifier + quote))
    .filter((at) => at >= 0)
  if (offsets.length === 0) return undefined
  const before = text.slice(0, Math.min(...offsets)).split('\n')
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

/** esbuild rejects with its messages. */
export function bundlerMessages(error: unknown): readonly Message[] | undefined {
  const isFailure =
    typeof error === 'object' && error !== null && 'errors' in error && Array.isArray(error.errors)
  return isFailure ? (error.errors as Message[]) : undefined // esbuild's BuildFailure
}
