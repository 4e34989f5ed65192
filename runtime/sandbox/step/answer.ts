// answer.ts — what a step left behind: how its main process ended, and its response. The content is validate's to judge.
import { constants, lstatSync, readFileSync, type Stats } from 'node:fs'
import { basename, join } from 'node:path'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { composeShellAnswer } from '../interpreter/sh-answer.ts'
import { hasOwnRoot } from '../rung/rung.ts'
import { physicalOf } from './logical-path.ts'
import { outputAt } from './place.ts'
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
    isThere: (path) => isThere(spec, place, path),
  })
}

function isThere(spec: StepSpec, place: StepPlace, path: string): boolean {
  const at = (physical: string): Stats | undefined => lstatSync(physical, { throwIfNoEntry: false })
  if (spec.outputs.some((output) => output.path === path)) {
    const stat = at(outputAt(place, path))
    if (stat?.isSymbolicLink() !== true) return stat !== undefined
  }
  const physical = physicalOf(spec, path)
  return physical !== undefined && at(physical) !== undefined
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

/** The step made this file, so it may be anything: a pipe to wait at, a link, endless. */
function readText(path: string): string | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false }) // most are not there: cheaper than an exception
  if (stat === undefined) return undefined
  if (!stat.isFile()) throw notRegular(path)
  if (stat.size > MAX_RESPONSE_BYTES)
    throw new CodedError(
      'TN3013',
      `the step's ${basename(path)} has ${stat.size} bytes; ${MAX_RESPONSE_BYTES} are allowed`,
      {
        hint: 'a document is for values; return large content as a file() or tree()',
      },
    )
  try {
    const text = readFileSync(path, { encoding: 'utf8', flag: FLAG })
    // A replacement character is in the text, or stands for what is not UTF-8.
    return text.includes('\uFFFD') ? strictText(readFileSync(path, { flag: FLAG }), path) : text
  } catch (cause) {
    throw cause instanceof CodedError ? cause : notRegular(path, cause)
  }
}
const FLAG = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

function strictText(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new CodedError('TN3014', `the step's ${basename(path)} is not UTF-8 text`, { cause })
  }
}

function notRegular(path: string, cause?: unknown): CodedError {
  return new CodedError('TN3012', `the step's ${basename(path)} is not a regular file that can be read`, {
    cause,
    hint: 'write the response as an ordinary file, and leave the rest of /tenon/step/out alone',
  })
}
