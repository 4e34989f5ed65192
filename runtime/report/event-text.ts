// event-text.ts — every event in words. How they reach the terminal is for the reporters to say.
import { countText, durationText } from './amounts.ts'
import { errorLines, positionText, type ErrorTextOptions } from './error-text.ts'
import type { BuildEvent, StepLabel } from './event.ts'
import { visibleText } from './terminal-text.ts'

export interface EventTextOptions extends ErrorTextOptions {
  /** The words after `tenon shell` that lead to a step; null: no target leads there. */
  readonly shellTarget: (label: StepLabel) => string | null
}

/** `hello@make`, as errors name it. */
export function stepText(label: StepLabel): string {
  return `${label.chain}@${label.step}`
}

type Event<K extends BuildEvent['kind']> = Extract<BuildEvent, { kind: K }>

/** The lines of one event; none for those that say nothing new. */
export function eventLines(event: BuildEvent, options: EventTextOptions): readonly string[] {
  const { paint } = options
  switch (event.kind) {
    case 'sandbox':
      return [sandboxText(event)]
    case 'step-started':
      return [`${stepText(event.label)}: started`]
    case 'step-log':
      return [`${paint('dim', `${stepText(event.label)} |`)} ${visibleText(event.line)}`]
    case 'planned':
    case 'step-progress':
      return []
    case 'step-finished':
      // What was found is only counted: an unchanged build is one line.
      return event.from === 'store'
        ? []
        : [`${stepText(event.label)}: ran in ${durationText(event.durationMs)}`]
    case 'step-failed':
      return failureLines(event, options)
    case 'step-skipped':
      return [`${stepText(event.label)}: not run, because ${stepText(event.becauseOf)} failed`]
    case 'warning':
      return warningLines(event, options)
    case 'finished':
      return [finishedText(event)]
  }
}

/** Of what the modules of a package say too. */
export function warningLines(
  { message, position }: Pick<Event<'warning'>, 'message' | 'position'>,
  { paint, directory }: Pick<ErrorTextOptions, 'paint' | 'directory'>,
): readonly string[] {
  const [first = '', ...more] = message.split('\n')
  const place = position ? [`  ${paint('cyan', positionText(position, directory))}`] : []
  return [`${paint('yellow', 'warning')}: ${first}`, ...more.map((line) => `  ${line}`), ...place]
}

export function sandboxText(event: Event<'sandbox'>): string {
  return event.weakerBecause === null
    ? `sandbox: ${event.rung}`
    : `sandbox: ${event.rung}, because ${event.weakerBecause}`
}

/** Of a build in which no step ran. */
export function nothingToDoText(found: number, processes: number): string {
  return `nothing to do: ${countText(found, 'step')} found in the store${processes === 0 ? ', no process started' : ''}`
}

function finishedText(event: Event<'finished'>): string {
  if (event.failed > 0) {
    const counts = `${countText(event.failed, 'step')} failed, ${event.ran} ran, ${event.found} found in the store`
    return `failed: ${counts} (${durationText(event.durationMs)})`
  }
  if (event.ran === 0) return nothingToDoText(event.found, event.processes)
  return `done: ${countText(event.ran, 'step')} ran, ${event.found} found in the store (${durationText(event.durationMs)})`
}

const TAIL_LINES = 20

/** What went wrong, the end of the log, where the rest of it is, and how to go there. */
function failureLines(event: Event<'step-failed'>, options: EventTextOptions): readonly string[] {
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
  const target = options.shellTarget(label)
  return [
    `${paint('cyan', 'log')}: ${logFile}`,
    ...(target === null ? [] : [`${paint('cyan', 'look inside')}: tenon shell ${target}`]),
  ]
}
