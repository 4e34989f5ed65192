// live-view.ts — the moving part of the terminal: what runs now, and how far the build is. Pure text.
import { countText, durationText, sizeText } from '../amounts.ts'
import { stepText } from '../event-text.ts'
import type { LiveState, RunningStep } from './live-state.ts'
import type { Paint } from '../paint.ts'
import { columnsOf, padColumns, truncate, visibleText } from '../terminal-text.ts'

export interface Glyphs {
  readonly spinner: readonly string[]
  readonly done: string
  readonly bar: readonly [full: string, empty: string]
  readonly separator: string
}
export const unicodeGlyphs: Glyphs = {
  spinner: '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'.split(''),
  done: '✓',
  bar: ['━', '─'],
  separator: ' · ',
}
export const asciiGlyphs: Glyphs = {
  spinner: ['|', '/', '-', '\\'],
  done: '+',
  bar: ['=', '-'],
  separator: ', ',
}

export interface ViewOptions {
  readonly columns: number
  readonly rows: number
  readonly paint: Paint
  readonly glyphs: Glyphs
}
export const FRAME_MS = 100

/** The lines of one frame, none wider than the terminal; none at all while nothing runs. */
export function viewLines(state: LiveState, nowMs: number, options: ViewOptions): readonly string[] {
  if (state.running.length === 0) return []
  const room = Math.max(1, Math.min(12, options.rows - 4))
  const shown = state.running.length > room ? state.running.slice(0, Math.max(1, room - 1)) : state.running
  const hidden = state.running.length - shown.length
  const nameColumns = Math.min(
    Math.max(...shown.map((step) => columnsOf(stepText(step.label)))),
    Math.max(12, Math.floor(options.columns / 3)),
  )
  return [
    ...shown.map((step) => stepLine(step, nowMs, nameColumns, options)),
    ...(hidden === 0 ? [] : [options.paint('dim', truncate(`  and ${hidden} more`, options.columns - 1))]),
    summaryLine(state, nowMs, options),
  ]
}

function stepLine(step: RunningStep, nowMs: number, nameColumns: number, options: ViewOptions): string {
  const { paint, glyphs } = options
  const elapsedMs = Math.max(0, nowMs - step.startedAtMs)
  const spin = glyphs.spinner[Math.floor(elapsedMs / FRAME_MS) % glyphs.spinner.length] ?? ''
  const name = padColumns(truncate(stepText(step.label), nameColumns), nameColumns)
  const elapsed = durationText(elapsedMs).padStart(8)
  // One column stays free: a full line would wrap in some terminals.
  const room = options.columns - 1 - columnsOf(spin) - 1 - nameColumns - elapsed.length - 2
  if (room < 0) return truncate(`${spin} ${name.trimEnd()}`, options.columns - 1)
  return `${paint('cyan', spin)} ${paint('bold', name)}${elapsed}  ${paint('dim', truncate(activity(step), room))}`.trimEnd()
}

function activity(step: RunningStep): string {
  if (step.progress === null) return visibleText(step.lastLine)
  const { doneBytes, totalBytes } = step.progress
  if (totalBytes === null || totalBytes === 0) return sizeText(doneBytes)
  return `${sizeText(doneBytes)} of ${sizeText(totalBytes)} (${Math.floor((100 * doneBytes) / totalBytes)} %)`
}

const BAR_COLUMNS = 20

function summaryLine(state: LiveState, nowMs: number, options: ViewOptions): string {
  const { paint, glyphs } = options
  const done = state.found + state.ran + state.failed + state.skipped
  const full = state.steps === 0 ? 0 : Math.min(BAR_COLUMNS, Math.floor((BAR_COLUMNS * done) / state.steps))
  const counts = [
    `${done} of ${countText(state.steps, 'step')}`,
    ...(state.found > 0 ? [`${state.found} found`] : []),
    ...(state.ran > 0 ? [`${state.ran} ran`] : []),
    ...(state.failed > 0 ? [`${state.failed} failed`] : []),
    ...(state.skipped > 0 ? [`${state.skipped} not run`] : []),
    durationText(nowMs - (state.startedAtMs ?? nowMs)),
  ].join(glyphs.separator)
  const room = options.columns - 1 - BAR_COLUMNS - 1
  // Where there is no room for both, the numbers are worth more than the bar.
  if (room < columnsOf(counts)) return truncate(counts, options.columns - 1)
  const bar =
    paint('green', glyphs.bar[0].repeat(full)) + paint('dim', glyphs.bar[1].repeat(BAR_COLUMNS - full))
  return `${bar} ${counts}`
}
