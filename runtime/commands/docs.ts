// docs.ts — a package's options as a Markdown page. What the options are is options.ts's.
import { relative } from 'node:path'
import type { Json } from '../../dsl/plan/json.ts'
import type { ListedOption, SourcePosition } from '../../dsl/plan/plan.ts'
import { projectRoot } from '../load/project-root.ts'
import { optionsOf } from './options.ts'
import type { LoadTargetOptions } from './target.ts'

/** The same text for the same project, wherever it lies. @throws as optionsOf */
export async function docsOf(target: LoadTargetOptions): Promise<string> {
  const view = await optionsOf(target)
  const root = projectRoot(target.file)
  const sections = view.options.map((option) => section(option, root))
  const none = sections.length === 0 ? ['It has no options.\n'] : []
  return [`# ${view.package}\n`, ...none, ...sections].join('\n')
}

function section(option: ListedOption, root: string): string {
  const { path, type, description, example, readOnly, declaredAt } = option
  const facts = [
    `type: ${code(type)}`,
    defaultFact(option),
    ...(example === null ? [] : [`example: ${code(jsonText(example))}`]),
    ...(readOnly ? ['read-only: it follows from other options'] : []),
    ...(declaredAt === null ? [] : [`declared in ${code(placeText(declaredAt, root))}`]),
  ]
  return `## ${path.replaceAll('<', '\\<')}\n\n${description}\n\n${facts.map((fact) => `- ${fact}\n`).join('')}`
}

function defaultFact({ hasDefault, default: value, kind, definitions }: ListedOption): string {
  if (hasDefault) return `default: ${code(jsonText(value))}`
  if (definitions.length > 0) return 'default: set by the package'
  return kind === 'dep'
    ? 'default: none; a package must be given if it is used'
    : 'default: none; it must be set if it is used'
}

function placeText({ file, line }: SourcePosition, root: string): string {
  return `${relative(root, file)}:${line}`
}

function jsonText(value: Json): string {
  return JSON.stringify(value)
}

/** A code span whose text may hold backticks. */
function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const space = longest > 0 ? ' ' : ''
  return `${fence}${space}${text}${space}${fence}`
}
