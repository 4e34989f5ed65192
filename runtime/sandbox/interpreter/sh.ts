// sh.ts — the scripts around a sh body: its variables, `output`, and how it is started. Its answer is sh-answer.ts's.
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { canonicalJson, type Json, type JsonObject } from '../../../dsl/plan/json.ts'
import { shellWord } from '../shell-word.ts'

/**
 * Run before the body. `in_a_b` is field b of field a; a scalar is its text (null: empty), a list of scalars is words
 * for `eval "set -- $param_flags"`, any other list or object JSON text.
 * @throws CodedError TN3011 for a string with a NUL character.
 */
export function variablesScript(request: JsonObject, step: string): string {
  const { input = {}, params = {}, outputs = {} } = request
  return `# The step's values and functions; see ARCHITECTURE.md, "What a step sees".
request=${shellWord(`${step}/request.json`)}
response=${shellWord(`${step}/out/response.json`)}
output() { printf 'text\\0%s\\0%s\\0' "$1" "$2" >>${shellWord(`${step}/out/fields`)}; }
output_json() { printf 'json\\0%s\\0%s\\0' "$1" "$2" >>${shellWord(`${step}/out/fields`)}; }
${assignments('in', input)}${assignments('param', params)}${outputPaths(outputs)}`
}

/**
 * The body runs in the shell that was started: another would be one more process for each step. Its status is written by a trap, which a
 * shell that a signal ended never reaches; a body that sets its own has the status of the process alone, which tells less on some rungs:
 * whether 128 + n is a signal.
 * @throws CodedError TN3011 as variablesScript does.
 */
export function shellMain(
  request: JsonObject,
  { step, build }: { readonly step: string; readonly build: string },
): string {
  const status = shellWord(`${step}/out/status`)
  return `umask 022
unset PWD OLDPWD SHLVL _
PWD=${shellWord(build)}
printf running >${status}
trap 'printf "exited %s" "$?" >'${shellWord(status)} EXIT
set -eu
${variablesScript(request, step)}. ${shellWord(`${step}/body.sh`)}
`
}

function assignments(prefix: string, value: Json): string {
  // Deeper first: a field named a_b is not hidden by field b of a.
  return [...variables(prefix, value)]
    .toSorted((a, b) => b.depth - a.depth)
    .map(({ name, text }) => `${name}=${word(name, text)}\n`)
    .join('')
}

function outputPaths(outputs: Json): string {
  if (!isObject(outputs)) return ''
  const name = (pointer: string): string => `out_${pointer.slice(1).replace(/[^A-Za-z0-9]/g, '_')}`
  return Object.entries(outputs)
    .map(
      ([pointer, path]) => `${name(pointer)}=${word(name(pointer), typeof path === 'string' ? path : '')}\n`,
    )
    .join('')
}

interface Variable {
  readonly name: string
  readonly text: string
  readonly depth: number
}

function* variables(name: string, value: Json, depth = 0): Generator<Variable> {
  if (depth > 0) yield { name, text: asText(name, value), depth }
  if (isObject(value))
    for (const [key, member] of Object.entries(value))
      yield* variables(`${name}_${key.replace(/[^A-Za-z0-9]/g, '_')}`, member, depth + 1)
}

function asText(name: string, value: Json): string {
  if (value === null) return ''
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null))
    return value.map((item: Json) => word(name, asText(name, item))).join(' ')
  return canonicalJson(value)
}

function word(name: string, text: string): string {
  if (text.includes('\0'))
    throw new CodedError(
      'TN3011',
      `the value of $${name} has a NUL character, which no shell variable can hold`,
      {
        hint: 'use a TypeScript body (run), or read it from the file "$request"',
      },
    )
  return shellWord(text)
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
