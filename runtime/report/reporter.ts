// reporter.ts — what a reporter is, and the simple ones: plain lines, JSON lines, only what went wrong.
import type { BuildEvent } from './event.ts'
import { eventRecord } from './event-record.ts'
import { eventLines, type EventTextOptions } from './event-text.ts'

export interface Reporter {
  readonly onEvent: (event: BuildEvent) => void
  /** Leaves the terminal as it was. Events may still come; they are dropped. */
  readonly close: () => void
}
export type Write = (text: string) => void

/** One line per event: for logs of other programs. Where one step starts as another has ended, both are said in one write: each wakes the reader. */
export function plainReporter(write: Write, options: EventTextOptions): Reporter {
  let held: readonly string[] = []
  const flush = (): void => {
    writeLines(write, held)
    held = []
  }
  return {
    onEvent: (event) => {
      held = [...held, ...eventLines(event, options)]
      if (event.kind === 'step-finished') setImmediate(flush)
      else flush()
    },
    close: flush,
  }
}

/** Failures and warnings alone. */
export function quietReporter(write: Write, options: EventTextOptions): Reporter {
  const onEvent = (event: BuildEvent): void => {
    if (event.kind === 'step-failed' || event.kind === 'warning')
      writeLines(write, eventLines(event, options))
  }
  return { onEvent, close: () => {} }
}

/** One JSON object per line. */
export function jsonReporter(write: Write): Reporter {
  return { onEvent: (event) => write(JSON.stringify(eventRecord(event)) + '\n'), close: () => {} }
}

export function bothReporters(a: Reporter, b: Reporter): Reporter {
  return {
    onEvent: (event) => {
      a.onEvent(event)
      b.onEvent(event)
    },
    close: () => {
      a.close()
      b.close()
    },
  }
}

function writeLines(write: Write, lines: readonly string[]): void {
  if (lines.length > 0) write(lines.join('\n') + '\n')
}
