// event-text.ts — every event in words. How they reach the terminal is for the reporters to say.
import { countText, durationText } from './amounts.ts'
import { errorLines, type ErrorTextOptions } from './error-text.ts'
import type { BuildEvent, StepLabel } from './event.ts'
import { visibleText } from './terminal-text.ts'

export interface EventTextOptions extends ErrorTextOptions {
  /** The words after `tenon shell` that lead to a step. */
  readonly shellTarget: (label: StepLabel) => string
}

/** `hello@make`, as errors name it. */
export function stepText(label: StepLabel): string {
  return `${label.chain}@${label.step}`
}

type Event<K extends BuildEvent['kind']> = Extract<BuildEvent, { kind: K }>

/** The lines of one event; none for those that only a live view can show. */
export function eventLines(event: BuildEvent, options: EventTextOptions): readonly string[] {
  const { paint } = options
  switch (event.kind) {
    case 'planned':
      return [
        `planned ${countText(event.steps, 'step')} of ${event.packages.join(', ')}${event.fromCache ? ' (unchanged)' : ''}`,
      ]
    case 'sandbox':
      return [sandboxText(event)]
    case 'step-started':
      return [`${stepText(event.label)}: started`]
    case 'step-log':
      return [`${paint('dim', `${stepText(event.label)} |`)} ${visibleText(event.line)}`]
    case 'step-progress':
      return []
    case 'step-finished':
      return [finishedStepText(event)]
    case 'step-failed':
      return failureLines(event, options)
    case 'step-skipped':
      return [`${stepText(event.label)}: not run, because ${stepText(event.becauseOf)} failed`]
    case 'warning':
      return [`${paint('yellow', 'warning')}: ${event.message}`]
    case 'finished':
      return [finishedText(event)]
  }
}

export function sandboxText(event: Event<'sandbox'>): string {
  return event.weakerBecause === null
    ? `sandbox: ${event.rung}`
    : `sandbox: ${event.rung}, because ${event.weakerBecause}`
}

function finishedStepText(event: Event<'step-finished'>): string {
  const what = event.from === 'store' ? 'found in the store' : `ran in ${durationText(event.durationMs)}`
  return `${stepText(event.label)}: ${what}`
}

function finishedText(event: Event<'finished'>): string {
  const found = `${countText(event.found, 'step')} found in the store`
  if (event.failed > 0) {
    const counts = `${countText(event.failed, 'step')} failed, ${event.ran} ran, ${event.found} found in the store`
    return `failed: ${counts} (${durationText(event.durationMs)})`
  }
  if (event.ran === 0) return `nothing to do: ${found}${event.processes === 0 ? ', no process started' : ''}`
  return `done: ${countText(event.ran, 'step')} ran, ${event.found} found in the store (${durationText(event.durationMs)})`
}

const TAIL_LINES = 20

/** What went wrong, the end of the log, where the rest of it is, and how to go there. */
export function failureLines(event: Event<'step-failed'>, options: EventTextOptions): readonly string[] {
  const { paint } = options
  const tail = event.logTail.slice(-TAIL_LINES).map((line) => `  ${paint('dim', '|')} ${visibleText(line)}`)
  return [
    ...errorLines(event.error, options),
    ...tail,
    // What the runtime does itself has no log, and no sandbox to go to.
    ...(event.logFile === null ? [] : whereToLook(event.logFile, event.label, options)),
  ]
}

function whereToLook(logFile: string, label: StepLabel, options: EventTextOptions): readonly string[] {
  const { paint } = options
  return [
    `${paint('cyan', 'log')}: ${logFile}`,
    `${paint('cyan', 'look inside')}: tenon shell ${options.shellTarget(label)}`,
  ]
}
