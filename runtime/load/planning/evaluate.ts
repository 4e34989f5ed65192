// evaluate.ts — runs the planning script in a realm of its own that knows nothing of the machine.
import { createHash, hash } from 'node:crypto'
import { createContext, runInContext, type Context } from 'node:vm'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import type { PlanningContext } from '../../../dsl/plan/plan.ts'
import { builtinStub } from './builtin-stub.ts'
import { HOST_NAME, type PlanningHost } from './host.ts'
import { type Locate, type Locator, locator, SCRIPT_NAME } from './locate.ts'
import type { PlanBundle } from './plan-bundle.ts'
import { planFailure } from './plan-failure.ts'
import { planConsole } from './plan-console.ts'
import { forbidImpure, type Report } from './purity.ts'
import { watchRejections } from './rejections.ts'

export interface EvaluateRequest {
  readonly context: PlanningContext
  readonly projectRoot: string
  /** For an endless loop. Default: a minute. */
  readonly timeoutMs?: number
}

/** The JSON text of `Planned`. @throws CodedError TN12xx, and what the calls of the build file themselves refuse. */
export async function evaluate(
  bundle: Pick<PlanBundle, 'script' | 'map'>,
  request: EvaluateRequest,
): Promise<string> {
  const { locate, stackText } = locator(bundle.map)
  const impurities: CodedError[] = []
  const report = impurityReport(locate, impurities)
  const state: { answer?: string } = {}
  const realm = planningRealm(report, stackText, {
    context: JSON.stringify({ ...request.context, projectRoot: request.projectRoot }),
    locate,
    crypto: { createHash, hash },
    builtin: (name, isStrict) => builtinStub(name, isStrict, report),
    answer: (text) => {
      state.answer = text
    },
  })
  const timeoutMs = request.timeoutMs ?? 60_000
  let failure: unknown
  const rejections = await watchRejections(SCRIPT_NAME, () => {
    try {
      runInContext(bundle.script, realm, { filename: SCRIPT_NAME, timeout: timeoutMs })
    } catch (error) {
      failure = planFailure(error, locate, timeoutMs)
    }
  })
  // Planning is refused even when the build file caught the error.
  if (impurities[0] !== undefined) throw impurities[0]
  if (failure !== undefined) throw failure
  if (rejections[0] !== undefined) throw planFailure(rejections[0].reason, locate, timeoutMs)
  if (state.answer === undefined) throw new Error('the planning script gave no answer')
  return state.answer
}

function impurityReport(locate: Locate, found: CodedError[]): Report {
  return (what) => {
    const position = locate(new Error('used').stack ?? '')
    const error = new CodedError('TN1201', `planning used ${what}`, {
      ...(position === null ? {} : { position }),
      hint: 'The same build file must always give the same plan. Do it in the body of a step, or write the value down.',
    })
    found.push(error)
    throw error
  }
}

/** The language itself, what is pure beside it, and the host for the script's first statement to take. */
function planningRealm(report: Report, stackText: Locator['stackText'], host: PlanningHost): Context {
  const realm = createContext(
    { [HOST_NAME]: host, URL, URLSearchParams, TextEncoder, TextDecoder, structuredClone, atob, btoa },
    { name: 'tenon planning', microtaskMode: 'afterEvaluate' },
  )
  const global = runInContext('globalThis', realm) as Context // the realm's own global object
  Object.assign(runInContext('Error', realm) as object, {
    stackTraceLimit: 100,
    prepareStackTrace: stackText,
  })
  Object.assign(global, {
    console: planConsole(),
    require: (name: unknown) => report(`import(${JSON.stringify(name)})`),
  })
  forbidImpure(global, report)
  return realm
}
