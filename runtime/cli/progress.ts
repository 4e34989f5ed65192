// progress.ts — which reporter a command gets: the user's choice, else what standard error can show.
import { readFileSync } from 'node:fs'
import { systemClock } from '../report/clock.ts'
import type { ErrorTextOptions } from '../report/error-text.ts'
import type { EventTextOptions } from '../report/event-text.ts'
import { liveReporter } from '../report/live/live.ts'
import { asciiGlyphs, unicodeGlyphs } from '../report/live/live-view.ts'
import {
  jsonReporter,
  plainReporter,
  quietReporter,
  bothReporters,
  type Reporter,
} from '../report/reporter.ts'
import type { Context } from './context.ts'

export type Progress = 'tty' | 'plain' | 'json' | 'quiet'

/** `target` is repeated in the commands that a failure suggests. */
export function progressReporter(context: Context, target: string): Reporter {
  const { flags } = context.invocation
  let chain = '' // the target's own
  const shown = reporterOf(chosenProgress(context), context, (label) =>
    label.chain === chain ? shellWord(`${target}@${label.step}`) : null,
  )
  const reporter = flags.json ? bothReporters(jsonReporter(context.stdout), shown) : shown
  context.atExit(reporter.close)
  context.interrupt.signal.addEventListener('abort', () =>
    reporter.onEvent({
      kind: 'warning',
      message: 'interrupted: ending the steps that run (once more: at once)',
    }),
  )
  return {
    ...reporter,
    onEvent: (event) => {
      if (event.kind === 'planned') {
        chain = event.packages[0] ?? ''
        // Until there is a plan nothing runs that could be left half done.
        context.interrupt.beGraceful()
      }
      reporter.onEvent(event)
    },
  }
}

/** In quotes when a shell would not take it as one word. */
function shellWord(text: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-][A-Za-z0-9_@%+=:,./#-]*$/.test(text)) return text
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

function chosenProgress({ invocation: { flags }, environment }: Context): Progress {
  if (flags.progress !== null && flags.progress !== 'auto') return flags.progress
  if (flags.json) return 'quiet'
  const moves = process.stderr.isTTY && environment.TERM !== 'dumb' && (environment.CI ?? '') === ''
  return moves ? 'tty' : 'plain'
}

function reporterOf(
  progress: Progress,
  context: Context,
  shellTarget: EventTextOptions['shellTarget'],
): Reporter {
  const options = { ...errorTextOptions(context), shellTarget }
  switch (progress) {
    case 'plain':
      return plainReporter(context.stderr, options)
    case 'quiet':
      return quietReporter(context.stderr, options)
    case 'json':
      return jsonReporter(context.stderr)
    case 'tty': {
      const { LC_ALL, LC_CTYPE, LANG } = context.environment
      return liveReporter({
        ...options,
        clock: systemClock,
        glyphs: /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '') ? unicodeGlyphs : asciiGlyphs,
        terminal: {
          write: context.stderr,
          columns: () => process.stderr.columns || 80,
          rows: () => process.stderr.rows || 24,
        },
      })
    }
  }
}

export function errorTextOptions(context: Pick<Context, 'paint' | 'directory'>): ErrorTextOptions {
  return { paint: context.paint, directory: context.directory, readSource }
}

function readSource(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null // the position alone is shown then
  }
}
