// definition.ts — checks what defineStep was given: types are gone at run time, and step libraries come as JavaScript.
import { checkName } from '../chain/name.ts'
import type { RuntimeSchema, StepDefinition } from '../chain/node.ts'
import { CodedError } from '../plan/coded-error.ts'
import type { ModuleInterpreter } from '../plan/plan.ts'
import { nothing } from '../schema/own-schemas.ts'
import { nearest } from './nearest.ts'

// prettier-ignore
const KEYS = [
  'name', 'params', 'input', 'output', 'mode', 'tools', 'timeoutMs', 'network', 'fixedOutput', 'preparesSource',
  'run', 'interpreter', 'script', 'host',
]
const BODIES = ['run', 'script', 'host'] as const
const DEFAULT_TIMEOUT_MS = 3_600_000

/** @throws CodedError TN1301, TN1302, TN1303, TN1304 */
export function checkedDefinition(options: unknown): StepDefinition {
  if (typeof options !== 'object' || options === null)
    throw new CodedError('TN1303', `defineStep got ${options === null ? 'null' : typeof options}`, {
      hint: 'It takes one object: { name, output, run, … }.',
    })
  const given = new Map<string, unknown>(Object.entries(options).filter(([, value]) => value !== undefined))
  const name = checkName('a step', given.get('name'))
  for (const key of given.keys())
    if (!KEYS.includes(key))
      throw new CodedError('TN1301', `step '${name}' is defined with the unknown key '${key}'`, {
        hint: nearest(key, KEYS),
      })
  return Object.freeze({
    name,
    params: schema(name, 'params', given.get('params') ?? nothing),
    input: schema(name, 'input', given.get('input') ?? nothing),
    output: schema(name, 'output', given.get('output')),
    mode: modeOf(name, given.get('mode') ?? 'map'),
    body: bodyOf(name, given),
    tools: toolsOf(name, given.get('tools') ?? []),
    timeoutMs: timeoutOf(name, given.get('timeoutMs') ?? DEFAULT_TIMEOUT_MS),
    preparesSource: flag(name, 'preparesSource', given.get('preparesSource') ?? given.has('host')),
    ...networkOf(name, given),
  })
}

function networkOf(
  name: string,
  given: ReadonlyMap<string, unknown>,
): Pick<StepDefinition, 'network' | 'fixedOutput'> {
  const network = flag(name, 'network', given.get('network') ?? false)
  const fixedOutput = given.get('fixedOutput') ?? null
  refuseUnless(fixedOutput === null || typeof fixedOutput === 'function', name, 'fixedOutput is no function')
  if ((network || given.get('host') === 'fetch') && fixedOutput === null)
    throw new CodedError(
      'TN1304',
      `step '${name}' uses the network, but does not say which output it must give`,
      {
        hint: 'Add fixedOutput: (params) => ({ hash: … }), or fetch with fetchUrl or fetchNpm and do the rest without network.',
      },
    )
  return { network, fixedOutput: fixedOutput as StepDefinition['fixedOutput'] } // just checked
}

function timeoutOf(name: string, timeoutMs: unknown): number {
  const isCount = typeof timeoutMs === 'number' && Number.isSafeInteger(timeoutMs) && timeoutMs > 0
  refuseUnless(isCount, name, 'timeoutMs is no positive integer')
  return Number(timeoutMs)
}

function flag(name: string, key: string, value: unknown): boolean {
  refuseUnless(typeof value === 'boolean', name, `${key} is not a boolean`)
  return value === true
}

function refuseUnless(holds: boolean, name: string, fact: string): void {
  if (!holds)
    throw new CodedError('TN1303', `step '${name}': ${fact}`, {
      hint: 'docs/build-files.md lists what defineStep takes.',
    })
}

function schema(name: string, role: string, value: unknown): RuntimeSchema {
  const isSchema = typeof value === 'object' && value !== null && 'safeParse' in value
  refuseUnless(isSchema && typeof value.safeParse === 'function', name, `${role} is no zod schema`)
  return value as RuntimeSchema // just checked
}

function modeOf(name: string, mode: unknown): 'map' | 'carry' {
  if (mode === 'map' || mode === 'carry') return mode
  throw new CodedError('TN1303', `step '${name}': mode is ${JSON.stringify(mode)}`, {
    hint: "It is 'map' (the default) or 'carry'.",
  })
}

function bodyOf(name: string, given: ReadonlyMap<string, unknown>): StepDefinition['body'] {
  const bodies = BODIES.filter((key) => given.has(key))
  const [kind] = bodies
  if (kind === undefined || bodies.length > 1)
    throw new CodedError(
      'TN1303',
      `step '${name}' has ${bodies.length === 0 ? 'no body' : bodies.join(' and ')}`,
      {
        hint: 'Give exactly one of run, script and host.',
      },
    )
  refuseUnless(kind === 'run' || !given.has('interpreter'), name, `interpreter is for run, not for ${kind}`)
  const value = given.get(kind)
  switch (kind) {
    case 'run':
      return { kind, run: value, interpreter: interpreterOf(name, given.get('interpreter') ?? 'node') }
    case 'script':
      refuseUnless(typeof value === 'string' || typeof value === 'function', name, 'script is no text')
      // Just checked: a function, else a text.
      return {
        kind,
        text: typeof value === 'function' ? (value as (params: unknown) => unknown) : () => value,
      }
    case 'host':
      if (value === 'fetch' || value === 'source') return { kind, operation: value }
      throw new CodedError('TN1303', `step '${name}': host is ${JSON.stringify(value)}`, {
        hint: "It is 'fetch' or 'source'; fetchUrl, fetchNpm and localSource are made with them.",
      })
  }
}

function interpreterOf(name: string, interpreter: unknown): ModuleInterpreter {
  if (interpreter === 'node' || interpreter === 'quickjs') return interpreter
  throw new CodedError('TN1303', `step '${name}': interpreter is ${JSON.stringify(interpreter)}`, {
    hint: "It is 'node' (the default) or 'quickjs'; for sh, write a script instead of run.",
  })
}

function toolsOf(name: string, tools: unknown): StepDefinition['tools'] {
  refuseUnless(Array.isArray(tools) || typeof tools === 'function', name, 'tools is no list')
  return typeof tools === 'function' ? (tools as StepDefinition['tools']) : () => tools // just checked: a function
}
