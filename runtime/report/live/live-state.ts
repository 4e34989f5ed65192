// live-state.ts — where a build stands, as the events so far tell it. Knows nothing of terminals.
import type { BuildEvent, StepLabel } from '../event.ts'

export interface RunningStep {
  readonly label: StepLabel
  readonly startedAtMs: number
  readonly lastLine: string
  readonly progress: { readonly doneBytes: number; readonly totalBytes: number | null } | null
}
export interface LiveState {
  readonly startedAtMs: number | null // of the plan
  readonly steps: number
  readonly found: number
  readonly ran: number
  readonly failed: number
  readonly skipped: number
  readonly running: readonly RunningStep[] // the longest running first
}

export const nothingYet: LiveState = {
  startedAtMs: null,
  steps: 0,
  found: 0,
  ran: 0,
  failed: 0,
  skipped: 0,
  running: [],
}

export function advance(state: LiveState, event: BuildEvent, nowMs: number): LiveState {
  switch (event.kind) {
    case 'planned':
      return { ...state, steps: event.steps, startedAtMs: nowMs }
    case 'step-started': {
      const started: RunningStep = { label: event.label, startedAtMs: nowMs, lastLine: '', progress: null }
      return { ...state, running: [...state.running, started] }
    }
    case 'step-log':
      return change(state, event.label, { lastLine: event.line })
    case 'step-progress':
      return change(state, event.label, {
        progress: { doneBytes: event.doneBytes, totalBytes: event.totalBytes },
      })
    case 'step-finished': {
      const rest = without(state, event.label)
      return event.from === 'store' ? { ...rest, found: rest.found + 1 } : { ...rest, ran: rest.ran + 1 }
    }
    case 'step-failed':
      return { ...without(state, event.label), failed: state.failed + 1 }
    case 'step-skipped':
      return { ...state, skipped: state.skipped + 1 }
    case 'finished':
      return { ...state, running: [] }
    case 'sandbox':
    case 'warning':
      return state
  }
}

function change(state: LiveState, label: StepLabel, fields: Partial<RunningStep>): LiveState {
  const running = state.running.map((step) =>
    step.label.index === label.index ? { ...step, ...fields } : step,
  )
  return { ...state, running }
}

function without(state: LiveState, label: StepLabel): LiveState {
  return { ...state, running: state.running.filter((step) => step.label.index !== label.index) }
}
