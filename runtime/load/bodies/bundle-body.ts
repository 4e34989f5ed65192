// bundle-body.ts — from the source of one body to one file that runs anywhere; named by the SHA-256 of its text.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { BuildOptions, BuildResult, Message, Plugin, TransformOptions } from 'esbuild'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { type Digest, digestOf } from '../../../dsl/plan/digest.ts'
import type { ModuleInterpreter, SourcePosition } from '../../../dsl/plan/plan.ts'
import { writeAtomically } from '../atomic-write.ts'
import { bodyFile } from '../body-file.ts'
import { ownModule } from '../own-package.ts'
import { loaderOf, MODULE_FILES, resolveZod } from '../resolving.ts'
import { poisonIn, bodyView } from './body-view.ts'
import { bundlerMessages, positionOfText, unresolved } from './bundle-error.ts'
import { analyseModule } from './module-analysis.ts'
import {
  NODE_MODULE,
  nodeModuleError,
  QUICKJS_OPTIONS,
  refuseNodeGlobals,
  refuseNodeModules,
  REQUIRE_IS_NODE,
} from './quickjs-body.ts'
import { mentionsTenon, SCHEMA_MODULES } from './tenon-names.ts'

export interface BodyRequest {
  /** The module it is cut from, absolute: imports resolve from there. */
  readonly file: string
  readonly source: string
  readonly home: string
  /** For messages. */
  readonly label: string
  readonly position: SourcePosition
  readonly interpreter: ModuleInterpreter
}

export interface BundledBody {
  readonly digest: Digest
  /** Every file that is in it, absolute. */
  readonly inputs: readonly string[]
}

/** @throws CodedError TN1106, TN1108, TN1109, TN1113. */
export async function bundleBody(request: BodyRequest): Promise<BundledBody> {
  const refusesRequire = request.interpreter === 'quickjs' && !/\.c?js$/.test(request.file)
  const source = await toJavaScript(request.file, request.source, refusesRequire ? REQUIRE_IS_NODE : {})
  const result = await built(request, source)
  const text = textOf(result, '.js')
  const poison = poisonIn(text)
  if (poison !== undefined) throw plannedError(request, poison.name, poison.position)
  if (request.interpreter === 'quickjs') refuseNodeGlobals(request, text, textOf(result, '.map'))
  const digest = digestOf(text)
  const file = bodyFile(request.home, digest)
  writeAtomically(`${file}.map`, textOf(result, '.map')) // code that only moved is the same body
  if (!existsSync(file)) writeAtomically(file, text)
  const inputs = Object.keys(result.metafile?.inputs ?? {}).filter(
    (input) => !/^(?:<stdin>|tenon-schema:)/.test(input),
  )
  return { digest, inputs: inputs.map((input) => join('/', input)) }
}

/** CommonJS packages in a body call `require` for Node's own modules. */
const REQUIRE =
  "import { createRequire as __tenonCreateRequire } from 'node:module'; const require = __tenonCreateRequire(import.meta.url);"

/** Types are stripped before bundling: the letters in them would sway the names that minifying gives. */
async function toJavaScript(file: string, source: string, options: TransformOptions = {}): Promise<string> {
  const { transform } = await import('esbuild')
  try {
    const { code } = await transform(source, {
      ...options,
      loader: loaderOf(file),
      sourcefile: file,
      sourcemap: 'inline',
      sourcesContent: false,
      target: 'node22',
      tsconfigRaw: { compilerOptions: { target: 'esnext', verbatimModuleSyntax: false } },
    })
    return code
  } catch (error) {
    const [message] = bundlerMessages(error) ?? []
    if (message === undefined) throw error
    const at = message.location
    throw new CodedError('TN1108', message.text, {
      ...(at === null ? {} : { position: { file, line: at.line, column: at.column + 1 } }),
      cause: error,
    })
  }
}

/** CommonJS, which Node loads sooner; what CommonJS can't say makes it a module. */
async function built(
  request: BodyRequest,
  source: string,
  format: keyof typeof NODE_OPTIONS = 'cjs',
): Promise<BuildResult> {
  const { build } = await import('esbuild')
  try {
    return await build({
      ...OPTIONS,
      ...(request.interpreter === 'quickjs' ? QUICKJS_OPTIONS : NODE_OPTIONS[format]),
      stdin: { contents: source, resolveDir: dirname(request.file), sourcefile: request.file, loader: 'js' },
      outfile: bodyFile(request.home, 'body'),
      plugins: [bodyPlugin(request)],
    })
  } catch (error) {
    if (
      request.interpreter === 'node' &&
      format === 'cjs' &&
      bundlerMessages(error)?.every(isOfModules) === true
    )
      return await built(request, source, 'esm')
    throw bundleError(request, error)
  }
}

const NODE_OPTIONS = {
  cjs: { format: 'cjs', logOverride: { 'empty-import-meta': 'error' } },
  esm: { format: 'esm', banner: { js: REQUIRE } },
} as const

function isOfModules({ id, text }: Message): boolean {
  return id === 'empty-import-meta' || text.startsWith('Top-level await is currently not supported')
}

const OPTIONS = {
  absWorkingDir: '/',
  bundle: true,
  platform: 'node',
  target: 'node22',
  minify: true,
  legalComments: 'none',
  charset: 'utf8',
  sourcemap: 'external',
  sourcesContent: false,
  write: false,
  metafile: true,
  logLevel: 'silent',
} satisfies BuildOptions

function textOf(result: BuildResult, extension: string): string {
  return result.outputFiles?.find(({ path }) => path.endsWith(extension))?.text ?? ''
}

const PLANS = 'tenon-plans'
const NATIVE = 'tenon-native'

function bodyPlugin(request: BodyRequest): Plugin {
  return {
    name: 'tenon-body',
    setup(build) {
      if (request.interpreter === 'quickjs') refuseNodeModules(build)
      resolveZod(build)
      build.onResolve({ filter: /^tenon(?:\/|$)/ }, ({ path, importer }) =>
        path === 'tenon'
          ? { path, namespace: 'tenon-schema', sideEffects: false }
          : { errors: [{ detail: PLANS, text: path, location: { file: importer } }] },
      )
      build.onLoad({ filter: /.*/, namespace: 'tenon-schema' }, () => ({
        contents: Object.entries(SCHEMA_MODULES)
          .map(
            ([module, names]) =>
              `export { ${names.join(', ')} } from ${JSON.stringify(ownModule(module, 'code'))}`,
          )
          .join('\n'),
        resolveDir: dirname(request.file),
      }))
      build.onLoad({ filter: /\.node$/, namespace: 'file' }, ({ path }) => ({
        errors: [{ detail: NATIVE, text: path }],
      }))
      build.onLoad({ filter: MODULE_FILES, namespace: 'file' }, async ({ path }) => {
        const text = readFileSync(path, 'utf8')
        const isPlanning = mentionsTenon(text)
        if (!isPlanning && loaderOf(path) === 'js') return undefined
        const view = isPlanning ? bodyView(analyseModule(path, text)) : text
        return { contents: await toJavaScript(path, view), loader: 'js' }
      })
    },
  }
}

function plannedError({ label, position }: BodyRequest, name: string, at: SourcePosition): CodedError {
  return new CodedError(
    'TN1106',
    `the body of step ${label} reaches '${name}', which is made while planning`,
    {
      position,
      details: [`'${name}' is at ${at.file}:${at.line}:${at.column}`],
      hint: 'Declare what the body needs of it in params; or move the functions it needs to a module that does not plan.',
    },
  )
}

function bundleError(request: BodyRequest, error: unknown): unknown {
  const [message] = bundlerMessages(error) ?? []
  if (message === undefined) return error
  // A plugin's own throw.
  if (message.detail instanceof CodedError) return message.detail
  const { label, position } = request
  const importer = message.location === null ? request.file : join('/', message.location.file)
  if (message.detail === NATIVE)
    return new CodedError('TN1109', `the body of step ${label} imports the native addon ${message.text}`, {
      position,
      hint: 'A native addon fits one machine only. Build it in a step of its own and run it from there, or use a package without one.',
    })
  const known = message.detail === PLANS || message.detail === NODE_MODULE
  const specifier = known ? message.text : unresolved(message)
  const at = specifier === undefined ? undefined : positionOfText(importer, specifier)
  if (message.detail === NODE_MODULE) return nodeModuleError(label, message.text, at ?? position)
  if (message.detail === PLANS) return plannedError(request, message.text, at ?? position)
  if (specifier !== undefined)
    return new CodedError(
      'TN1108',
      `the body of step ${label} imports '${specifier}', which cannot be found`,
      {
        position: at ?? position,
        hint: specifier.startsWith('.')
          ? 'Check the path.'
          : `Install it in the project: npm install ${specifier}`,
        cause: error,
      },
    )
  const where = message.location === null ? [] : [`in ${importer}:${message.location.line}`]
  return new CodedError('TN1108', `the body of step ${label} cannot be bundled: ${message.text}`, {
    position,
    details: where,
    cause: error,
  })
}
