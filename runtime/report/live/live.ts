// live.ts — the reporter for a terminal: finished steps scroll up, running ones are redrawn below them.
import type { Clock } from '../clock.ts'
import type { BuildEvent } from '../event.ts'
import { durationText } from '../amounts.ts'
import { eventLines, sandboxText, stepText, type EventTextOptions } from '../event-text.ts'
import { advance, nothingYet } from './live-state.ts'
import { FRAME_MS, viewLines, type Glyphs } from './live-view.ts'
import type { Reporter, Write } from '../reporter.ts'
import { truncate } from '../terminal-text.ts'

export interface Terminal {
  readonly write: Write
  readonly columns: () => number
  readonly rows: () => number
}
export interface LiveOptions extends EventTextOptions {
  readonly terminal: Terminal
  readonly clock: Clock
  readonly glyphs: Glyphs
}

const HIDE_CURSOR = '\x1b[?25l'
const SHOW_CURSOR = '\x1b[?25h'
const CLEAR_LINE = '\x1b[K'
const CLEAR_BELOW = '\x1b[J'

export function liveReporter(options: LiveOptions): Reporter {
  const { terminal, clock } = options
  let state = nothingYet
  let pending: string[] = [] // permanent lines that wait for the next frame
  let drawn = 0 // lines of the frame on the screen
  let stopTicking: (() => void) | null = null
  let closed = false

  const draw = (): void => {
    const view = viewLines(state, clock.nowMs(), {
      columns: terminal.columns(),
      rows: terminal.rows(),
      paint: options.paint,
      glyphs: options.glyphs,
    })
    const lines = [...pending, ...view]
    // \r, because the terminal itself may have written since: it echoes Ctrl-C as ^C.
    const up = drawn > 0 ? `\r\x1b[${drawn}A` : ''
    if (lines.length > 0 || drawn > 0)
      terminal.write(
        up +
          lines.map((line) => line + CLEAR_LINE + '\n').join('') +
          (drawn > view.length ? CLEAR_BELOW : ''),
      )
    pending = []
    drawn = view.length
  }
  const start = (): void => {
    if (stopTicking !== null) return
    terminal.write(HIDE_CURSOR)
    stopTicking = clock.every(FRAME_MS, draw)
  }
  const stop = (): void => {
    if (stopTicking !== null) {
      stopTicking()
      stopTicking = null
      state = { ...state, running: [] }
      draw()
      terminal.write(SHOW_CURSOR)
    } else if (pending.length > 0) draw()
  }
  return {
    onEvent: (event) => {
      if (closed) return
      state = advance(state, event, clock.nowMs())
      pending.push(...permanentLines(event, options))
      if (event.kind === 'step-started') start()
      if (event.kind === 'finished') stop()
      else if (stopTicking === null && pending.length > 0) draw()
    },
    close: () => {
      if (closed) return
      stop()
      closed = true
    },
  }
}

/** What stays on the screen of an event. Steps that were found are only counted. */
function permanentLines(event: BuildEvent, options: LiveOptions): readonly string[] {
  const { paint, terminal } = options
  switch (event.kind) {
    case 'step-finished': {
      if (event.from === 'store') return []
      const name = truncate(stepText(event.label), terminal.columns() - 16)
      return [
        `${paint('green', options.glyphs.done)} ${name} ${paint('dim', durationText(event.durationMs))}`,
      ]
    }
    case 'sandbox':
      return event.weakerBecause === null ? [] : [paint('dim', sandboxText(event))]
    case 'step-failed':
    case 'step-skipped':
    case 'warning':
    case 'finished':
      return eventLines(event, options)
    case 'planned':
    case 'step-started':
    case 'step-log':
    case 'step-progress':
      return []
  }
}
