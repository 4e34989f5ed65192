// event-record.ts — events and errors as JSON objects: the lines of `--json`, stable for programs to read.
import type { CodedError, Related } from '../../dsl/plan/coded-error.ts'
import type { JsonObject } from '../../dsl/plan/json.ts'
import type { SourcePosition } from '../../dsl/plan/plan.ts'
import { EVENT_SCHEMA_VERSION, type BuildEvent, type StepLabel } from './event.ts'

/** `{ schema, kind, … }`; a step is `index`, `chain`, `step`. */
export function eventRecord(event: BuildEvent): JsonObject {
  const head = { schema: EVENT_SCHEMA_VERSION, kind: event.kind }
  switch (event.kind) {
    case 'planned':
      return { ...head, steps: event.steps, packages: event.packages, fromCache: event.fromCache }
    case 'sandbox':
      return { ...head, rung: event.rung, weakerBecause: event.weakerBecause }
    case 'step-started':
      return { ...head, ...labelRecord(event.label) }
    case 'step-log':
      return { ...head, ...labelRecord(event.label), line: event.line }
    case 'step-progress':
      return {
        ...head,
        ...labelRecord(event.label),
        doneBytes: event.doneBytes,
        totalBytes: event.totalBytes,
      }
    case 'step-finished':
      return { ...head, ...labelRecord(event.label), from: event.from, durationMs: event.durationMs }
    case 'step-failed':
      return {
        ...head,
        ...labelRecord(event.label),
        error: errorRecord(event.error),
        logFile: event.logFile,
        logTail: event.logTail,
        durationMs: event.durationMs,
      }
    case 'step-skipped':
      return { ...head, ...labelRecord(event.label), becauseOf: labelRecord(event.becauseOf) }
    case 'warning':
      return { ...head, message: event.message, position: positionRecord(event.position) }
    case 'finished': {
      const { ran, found, failed, processes, durationMs } = event
      return { ...head, ran, found, failed, processes, durationMs }
    }
  }
}

function labelRecord(label: StepLabel): JsonObject {
  return { index: label.index, chain: label.chain, step: label.step }
}

export function errorRecord(error: CodedError): JsonObject {
  const { code, message, hint, position, details, related } = error
  return {
    code,
    message,
    hint: hint ?? null,
    position: positionRecord(position),
    details,
    ...(related.length === 0 ? {} : { related: related.map(relatedRecord) }),
  }
}

function relatedRecord({ fact, position }: Related): JsonObject {
  return { fact, position: positionRecord(position) }
}

function positionRecord(position: SourcePosition | null | undefined): JsonObject | null {
  return position ? { file: position.file, line: position.line, column: position.column } : null
}
