// quickjs-body.ts — what differs in bundling a body for quickjs: it has nothing of Node, and a body that needs some is refused here.
import { isBuiltin, SourceMap, type SourceMapPayload } from 'node:module'
import { dirname, resolve } from 'node:path'
import type { BuildOptions, PluginBuild, TransformOptions } from 'esbuild'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import type { SourcePosition } from '../../../dsl/plan/plan.ts'
import { bodyFile } from '../body-file.ts'

/** Globals of Node that neither the language nor the runner gives. */
// prettier-ignore
const NODE_GLOBALS = [
  'process', 'Buffer', 'global', '__dirname', '__filename',
  'fetch', 'Request', 'Response', 'Headers', 'FormData', 'WebSocket', 'EventSource', 'URL', 'URLSearchParams', 'URLPattern',
  'TextEncoder', 'TextDecoder', 'TextEncoderStream', 'TextDecoderStream', 'Blob', 'File', 'atob', 'btoa',
  'ReadableStream', 'WritableStream', 'TransformStream', 'CompressionStream', 'DecompressionStream',
  'AbortController', 'AbortSignal', 'Event', 'EventTarget', 'CustomEvent', 'MessageChannel', 'MessagePort', 'BroadcastChannel',
  'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate', 'queueMicrotask', 'structuredClone', 'DOMException',
  'performance', 'crypto', 'navigator', 'localStorage', 'sessionStorage', 'WebAssembly', 'Intl',
]
const MARK = '__tenonNode_'
export const NODE_MODULE = 'tenon-node-module'

/** Uses of a global of Node get a name that shows in the bundle; names that something declares do not. */
export const QUICKJS_OPTIONS = {
  platform: 'neutral',
  format: 'esm',
  mainFields: ['module', 'main'],
  conditions: ['module'],
  target: 'es2022',
  define: Object.fromEntries(NODE_GLOBALS.map((name) => [name, MARK + name])),
} satisfies BuildOptions

/** In the body's own module; CommonJS packages call `require` for each other, which bundling resolves. */
export const REQUIRE_IS_NODE = { define: { require: `${MARK}require` } } satisfies TransformOptions

export function refuseNodeModules(build: PluginBuild): void {
  build.onResolve({ filter: /^(?:node:|[a-z])/ }, ({ path, importer }) =>
    isBuiltin(path)
      ? { errors: [{ detail: NODE_MODULE, text: path, location: { file: importer } }] }
      : undefined,
  )
}

export function nodeModuleError(label: string, specifier: string, position: SourcePosition): CodedError {
  return new CodedError(
    'TN1113',
    `the body of step ${label} imports '${specifier}', which quickjs does not have`,
    { position, hint: HINT },
  )
}

const HINT = "Use files and $ of the body's context instead, or let node run it: leave interpreter out."

/**
 * A library that asks by `typeof` whether a global is there can do without it.
 * @throws CodedError TN1113
 */
export function refuseNodeGlobals(
  request: { readonly home: string; readonly label: string; readonly position: SourcePosition },
  bundle: string,
  map: string,
): void {
  const uses = [...bundle.matchAll(/(typeof )?\b__tenonNode_(\w+)/g)]
  const asked = new Set(uses.flatMap(([, isAsked, name]) => (isAsked === undefined ? [] : [name])))
  const use = uses.find(([, , name]) => !asked.has(name))
  if (use === undefined) return
  throw new CodedError(
    'TN1113',
    `the body of step ${request.label} uses '${use[2]}', which quickjs does not have`,
    {
      position: originOf(request.home, bundle, use.index, map) ?? request.position,
      hint: HINT,
    },
  )
}

function originOf(home: string, bundle: string, index: number, map: string): SourcePosition | undefined {
  const before = bundle.slice(0, index).split('\n')
  const origin = new SourceMap(JSON.parse(map) as SourceMapPayload) // as esbuild wrote it
    .findOrigin(before.length, (before.at(-1)?.length ?? 0) + 1)
  if (!('fileName' in origin)) return undefined
  const file = resolve(dirname(bodyFile(home, 'body')), origin.fileName)
  return { file, line: origin.lineNumber, column: origin.columnNumber }
}
