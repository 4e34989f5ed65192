// answer.ts — what a step left behind: how its main process ended, and its response. The content is validate's to judge.
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { composeShellAnswer } from '../interpreter/sh-answer.ts'
import { hasOwnRoot } from '../rung/rung.ts'
import { physicalOf } from './logical-path.ts'
import { toLogical } from './path-translation.ts'
import type { StepPlace, StepSpec } from './spec.ts'

const MAX_RESPONSE_BYTES = 64 * 1024 * 1024

/**
 * The text of the response; undefined when the step left none.
 * @throws CodedError TN3012 (no regular file), TN3013 (too large), TN3014 (not UTF-8), TN3015 (output_json got no JSON).
 */
export function readAnswer(spec: StepSpec, place: StepPlace): string | undefined {
  const response = readText(join(place.step, 'out', 'response.json'))
  const answer = spec.interpreter === 'sh' ? shellAnswer(spec, place, response) : response
  return answer === undefined || hasOwnRoot(spec.rung) ? answer : translated(spec, answer)
}

function shellAnswer(spec: StepSpec, place: StepPlace, response: string | undefined): string {
  return composeShellAnswer({
    response,
    fields: readText(join(place.step, 'out', 'fields')) ?? '',
    outputs: spec.request['outputs'],
    isThere: (path) => {
      const physical = physicalOf(spec, path)
      return physical !== undefined && exists(physical)
    },
  })
}

function translated(spec: StepSpec, answer: string): string {
  try {
    return JSON.stringify(toLogical(spec, JSON.parse(answer)))
  } catch {
    return answer // not JSON: the caller says so
  }
}

export type Ending = 'not-started' | 'running' | number

/** What the interpreter wrote of itself: it runs, and the code it exits with. A killed one never writes the second. */
export function readEnding(place: StepPlace): Ending {
  const text = readText(join(place.step, 'out', 'status'))
  if (text === undefined) return 'not-started'
  const code = /^exited (\d{1,3})$/.exec(text)?.[1]
  return code === undefined ? 'running' : Number(code)
}

function exists(path: string): boolean {
  try {
    lstatSync(path)
    return true
  } catch {
    return false
  }
}

/** The step made this file, so it may be anything: a pipe to wait at, a link, endless. */
function readText(path: string): string | undefined {
  const descriptor = openQuietly(path)
  if (descriptor === undefined) return undefined
  try {
    const { size } = checkedStat(descriptor, path)
    if (size > MAX_RESPONSE_BYTES)
      throw new CodedError(
        'TN3013',
        `the step's ${basename(path)} has ${size} bytes; ${MAX_RESPONSE_BYTES} are allowed`,
        {
          hint: 'a document is for values; return large content as a file() or tree()',
        },
      )
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(descriptor))
  } catch (cause) {
    if (cause instanceof CodedError) throw cause
    throw new CodedError('TN3014', `the step's ${basename(path)} is not UTF-8 text`, { cause })
  } finally {
    closeSync(descriptor)
  }
}

function openQuietly(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (cause) {
    // ELOOP: a link. ENXIO: a socket.
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw notRegular(path, cause)
  }
}

function checkedStat(descriptor: number, path: string): { readonly size: number } {
  const stat = fstatSync(descriptor)
  if (!stat.isFile()) throw notRegular(path)
  return stat
}

function notRegular(path: string, cause?: unknown): CodedError {
  return new CodedError('TN3012', `the step's ${basename(path)} is not a regular file that can be read`, {
    cause,
    hint: 'write the response as an ordinary file, and leave the rest of /tenon/step/out alone',
  })
}
