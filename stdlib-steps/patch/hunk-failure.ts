// hunk-failure.ts — why a patch does not apply: which hunk, what it expects, what is there. Changes nothing.
import { type StructuredPatch, type StructuredPatchHunk, applyPatch, reversePatch } from 'diff'
import { StepError } from '../step-error.ts'

const MAX_SHOWN_LINES = 12

export function hunkFailure(patch: string, path: string, text: string, change: StructuredPatch): StepError {
  const index = firstFailing(text, change)
  const hunk = change.hunks[index]
  const count = change.hunks.length
  const fact = `patch '${patch}' does not apply to '${path}': hunk ${index + 1} of ${count}`
  return new StepError(
    'TN3511',
    hunk === undefined ? fact : `${fact}${comparison(text, hunk)}`,
    hintFor(text, change),
  )
}

/** Hunks are independent but for their order: the first prefix of the list that fails ends with the culprit. */
function firstFailing(text: string, change: StructuredPatch): number {
  const index = change.hunks.findIndex(
    (_, i) => applyPatch(text, { ...change, hunks: change.hunks.slice(0, i + 1) }) === false,
  )
  return index === -1 ? change.hunks.length - 1 : index
}

function comparison(text: string, hunk: StructuredPatchHunk): string {
  const expected = hunk.lines
    .filter((line) => line[0] === ' ' || line[0] === '-')
    .map((line) => line.slice(1))
  const found = text.split('\n').slice(hunk.oldStart - 1, hunk.oldStart - 1 + expected.length)
  const differs = expected.findIndex((line, i) => line !== found[i])
  const from = Math.max(0, differs - 2)
  return [
    `, line ${hunk.oldStart + Math.max(0, differs)}`,
    '  expected:',
    ...shown(expected, from, differs),
    '  found:',
    ...shown(found, from, differs),
  ].join('\n')
}

function shown(lines: readonly string[], from: number, differs: number): string[] {
  const some = lines
    .slice(from, from + MAX_SHOWN_LINES)
    .map((line, i) => `  ${i + from === differs ? '>' : ' '} | ${line}`)
  return some.length === 0 ? ['    | (nothing: the file ends before)'] : some
}

function hintFor(text: string, change: StructuredPatch): string {
  return applyPatch(text, reversePatch(change)) === false
    ? 'The file differs from the one that the patch was made for: make the patch again from the present sources.'
    : 'Its reverse does apply: the sources have this change already (leave the patch out), or the patch was made the wrong way round.'
}
