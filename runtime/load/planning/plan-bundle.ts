// plan-bundle.ts — a build file and all it imports as one script without step bodies; evaluating it is left to evaluate.ts.
import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'
import type { BuildResult, Message, OnLoadResult, OnResolveArgs, OnResolveResult, Plugin } from 'esbuild'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { bundlerMessages, positionOfText, unresolved } from '../bodies/bundle-error.ts'
import { type Extracted, extractModule } from '../bodies/extract.ts'
import { mentionsTenon } from '../bodies/tenon-names.ts'
import { isOwnFile, ownModule } from '../own-package.ts'
import { loaderOf, MODULE_FILES, resolveZod } from '../resolving.ts'
import { HOST_NAME } from './host.ts'

export interface PlanBundle {
  readonly script: string
  /** JSON of its source map; sources are relative to the root of the file system. */
  readonly map: string
  /** Every file that the plan rests on, absolute. */
  readonly inputs: readonly string[]
  /** Digests of the bodies that were cut out, those of steps that no package uses among them. */
  readonly bodies: readonly string[]
}

/** @throws CodedError TN11xx for a step body, TN1204–TN1206 for what can't be bundled. */
export async function bundlePlan({
  file,
  home,
}: {
  readonly file: string
  readonly home: string
}): Promise<PlanBundle> {
  let extracted: Extracted[] = []
  const bundled = (stopsDynamic: boolean): Promise<BuildResult> => {
    extracted = []
    return built(file, planPlugin({ home, extracted, stopsDynamic }))
  }
  let result = await bundled(false).catch(() => undefined)
  if (result === undefined || importsLater(result)) result = await bundled(true)
  refuseImportMeta(result.warnings)
  const inputs = Object.keys(result.metafile?.inputs ?? {}).filter(
    (input) => !/^(?:<stdin>$|tenon-)/.test(input),
  )
  const text = (extension: string): string =>
    result.outputFiles?.find(({ path }) => path.endsWith(extension))?.text ?? ''
  return {
    script: text('.js'),
    map: text('.map'),
    inputs: [
      ...new Set([
        ...extracted.flatMap((module) => module.inputs),
        ...inputs.map((input) => join('/', input)),
      ]),
    ],
    bodies: [...new Set(extracted.flatMap(({ bodies }) => bodies))],
  }
}

/** Nearly no project does, and to be asked about every import costs a third of the time of bundling. */
function importsLater(result: BuildResult): boolean {
  const inputs = Object.values(result.metafile?.inputs ?? {})
  return inputs.some(({ imports }) => imports.some(({ kind }) => kind === 'dynamic-import'))
}

async function built(file: string, plugin: Plugin): Promise<BuildResult> {
  const { build } = await import('esbuild')
  try {
    return await build({
      absWorkingDir: '/',
      stdin: { contents: entryOf(file), resolveDir: dirname(file), loader: 'js' },
      outfile: '/plan.js',
      banner: { js: `const ${HOST_NAME} = globalThis.${HOST_NAME}; delete globalThis.${HOST_NAME};` },
      bundle: true,
      platform: 'node',
      format: 'iife',
      target: 'node22',
      // An import() that is left would escape the realm.
      supported: { 'dynamic-import': false },
      legalComments: 'none',
      charset: 'utf8',
      sourcemap: 'external',
      sourcesContent: false,
      write: false,
      metafile: true,
      logLevel: 'silent',
      plugins: [plugin],
    })
  } catch (error) {
    throw bundleError(file, error)
  }
}

/**
 * What is required becomes a function of its own, with all that it imports. As one function, which imports would make of
 * them, thousands of modules are slow to find a place in: the engine searches a function's places from its beginning.
 */
function entryOf(file: string): string {
  return `const exported = require(${JSON.stringify(file)})
const { __tenon } = require("tenon")
const context = { ...JSON.parse(${HOST_NAME}.context), locate: ${HOST_NAME}.locate }
${HOST_NAME}.answer(__tenon.planModule({ ...exported }, context))
`
}

interface PlanPluginOptions {
  readonly home: string
  /** Gets what is found in each module that defines steps. */
  readonly extracted: Extracted[]
  /** Leaves imports that are calls as they are, and so to the realm, which refuses them. */
  readonly stopsDynamic: boolean
}

function planPlugin({ home, extracted, stopsDynamic }: PlanPluginOptions): Plugin {
  return {
    name: 'tenon-plan',
    setup(build) {
      resolveZod(build)
      build.onResolve({ filter: /^tenon(?:\/|$)/ }, resolveTenon)
      build.onResolve({ filter: /^[^./]/ }, resolveBuiltin)
      // Evaluated in a microtask that planning never awaits: its call is reported instead.
      if (stopsDynamic)
        build.onResolve({ filter: /.*/ }, ({ kind }) =>
          kind === 'dynamic-import' ? { external: true } : undefined,
        )
      build.onLoad({ filter: /.*/, namespace: 'tenon-builtin' }, ({ path, pluginData }) =>
        stub(path, pluginData),
      )
      build.onLoad({ filter: MODULE_FILES, namespace: 'file' }, async ({ path }) => {
        const text = readFileSync(path, 'utf8')
        if (isOwnDsl(path) || !mayDefineSteps(text)) return undefined
        const module = await extractModule(path, text, home)
        extracted.push(module)
        return { contents: module.view, loader: loaderOf(path) }
      })
    },
  }
}

function mayDefineSteps(text: string): boolean {
  return mentionsTenon(text) && (text.includes('defineStep') || /export\s*\*/.test(text))
}

const OWN_DSL = dirname(ownModule('dsl/index', 'code'))
function isOwnDsl(file: string): boolean {
  return file.startsWith(OWN_DSL + '/')
}

function resolveTenon({ path, kind }: OnResolveArgs): OnResolveResult | undefined {
  if (kind === 'dynamic-import') return undefined
  if (path === 'tenon') return { path: ownModule('dsl/index', 'code'), sideEffects: false }
  if (path === 'tenon/steps') return { path: ownModule('stdlib-steps/index', 'code'), sideEffects: false }
  return undefined
}

/** How uses of a module of Node are judged. */
type Judged = 'own' | 'project' | 'package'

function resolveBuiltin({ path, importer, kind }: OnResolveArgs): OnResolveResult | undefined {
  if (!isBuiltin(path) || kind === 'dynamic-import') return undefined
  const judged: Judged = isOwnDsl(importer)
    ? 'own'
    : importer.includes('/node_modules/')
      ? 'package'
      : 'project'
  const name = path.replace(/^node:/, '')
  return { path: `${judged}/${name}`, namespace: 'tenon-builtin', pluginData: { name, judged } }
}

function stub(path: string, data: { readonly name: string; readonly judged: Judged }): OnLoadResult {
  if (data.judged === 'own')
    return path === 'own/crypto'
      ? { contents: `export const { createHash, hash } = ${HOST_NAME}.crypto` }
      : { errors: [{ text: `planning imports ${data.name} of Node in Tenon's own code` }] }
  const isStrict = data.judged === 'project'
  return { contents: `module.exports = ${HOST_NAME}.builtin(${JSON.stringify(data.name)}, ${isStrict})` }
}

/** It would be empty: planning has no file of its own to speak of. */
function refuseImportMeta(warnings: readonly Message[]): void {
  const warning = warnings.find(
    ({ id, location }) => id === 'empty-import-meta' && location?.file.includes('node_modules/') === false,
  )
  const location = warning?.location
  if (location === null || location === undefined || isOwnFile(join('/', location.file))) return
  throw new CodedError('TN1201', 'planning used import.meta', {
    position: { file: join('/', location.file), line: location.line, column: location.column + 1 },
    hint: 'A plan may not depend on where the project lies. Name project files with localFile or localSource, relative to the build file.',
  })
}

function bundleError(file: string, error: unknown): unknown {
  const [message] = bundlerMessages(error) ?? []
  if (message === undefined) return error
  if (message.detail instanceof CodedError) return message.detail
  const { location } = message
  const at = location === null ? undefined : join('/', location.file)
  const position =
    location === null || at === undefined
      ? { file, line: 1, column: 1 }
      : { file: at, line: location.line, column: location.column + 1 }
  if (/top-level await/i.test(message.text))
    return new CodedError('TN1205', 'a build file cannot await while planning', {
      position,
      hint: 'Planning never waits for anything. Do the work in a step, and use its output.',
      cause: error,
    })
  const specifier = unresolved(message)
  if (specifier !== undefined)
    return new CodedError('TN1206', `'${specifier}' cannot be found`, {
      position: positionOfText(at ?? file, specifier) ?? position,
      hint: /^[./]/.test(specifier)
        ? 'Check the path of the import.'
        : `Install it in the project: npm install ${specifier}`,
      cause: error,
    })
  return new CodedError('TN1204', message.text, { position, cause: error })
}
