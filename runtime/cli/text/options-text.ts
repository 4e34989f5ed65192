// options-text.ts — a package's options as a table for people.
import type { Json } from '../../../dsl/plan/json.ts'
import type { ListedOption } from '../../../dsl/plan/plan.ts'
import type { OptionsView } from '../../commands/options.ts'
import { positionText } from '../../report/error-text.ts'
import { truncate } from '../../report/terminal-text.ts'
import { textTable } from './text-table.ts'

const COLUMNS = 40

/** Files are named relative to `directory`. */
export function optionsText(view: OptionsView, directory: string): string {
  if (view.options.length === 0) return `${view.package} has no options\n`
  const rows = view.options.map((option) => [
    option.path + (option.readOnly ? ' (read-only)' : ''),
    truncate(option.type, COLUMNS),
    option.hasDefault ? shown(option.default) : '',
    valueText(option),
    setText(option, directory),
    option.description,
  ])
  return textTable(['option', 'type', 'default', 'value', 'set at', 'description'], rows)
}

function valueText({ value }: ListedOption): string {
  switch (value.kind) {
    case 'known':
      return shown(value.json)
    case 'failed':
      return value.code === 'TN1504' ? '(not set)' : `(${value.code})`
    case 'none':
      return ''
  }
}

function setText({ definitions }: ListedOption, directory: string): string {
  const counting = definitions.filter(({ counts }) => counts)
  return counting
    .map(({ position }) => (position === null ? '?' : positionText(position, directory).replace(/:\d+$/, '')))
    .join(', ')
}

function shown(value: Json): string {
  return truncate(JSON.stringify(value), COLUMNS)
}
