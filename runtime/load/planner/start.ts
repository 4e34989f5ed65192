// start.ts — starts the planner's process and waits for its answer. What that does is main.ts's.
import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import type { Planned } from '../../../dsl/plan/plan.ts'
import { errorOf, type Fault } from './fault.ts'
import type { PlanRequest } from './make-plan.ts'
import { plannerProgram } from '../own-package.ts'
import { EXIT } from './exit.ts'

/** A young generation of a megabyte: most of what planning makes stays, so more of it would only be memory. */
const NODE_OPTIONS = ['--max-semi-space-size=1', '--no-rehash-snapshot']

/** @throws CodedError what planning found; TN1207 when its process ended by itself. */
export async function planInProcess(request: PlanRequest): Promise<Planned> {
  const child = spawn(process.execPath, [...NODE_OPTIONS, plannerProgram()], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(request.home, 'cache', 'node') },
  })
  const leave = (): void => void child.kill('SIGKILL')
  process.once('exit', leave)
  try {
    child.stdin.on('error', () => undefined) // it ended early, and its exit says why
    child.stdin.write(JSON.stringify(request) + '\n')
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    const exit = await exitOf(child)
    const text = Buffer.concat(chunks).toString()
    if (exit === EXIT.planned) return JSON.parse(text) as Planned // planModule wrote it
    if (exit === EXIT.fault) throw errorOf(JSON.parse(text) as Fault) // main.ts wrote it
    throw ended(exit)
  } finally {
    process.off('exit', leave)
  }
}

/** Exit code, or the signal's name. */
function exitOf(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'no reason'))
  })
}

function ended(exit: number | string): CodedError {
  if (exit === 'SIGINT') return new CodedError('TN1203', 'planning was interrupted')
  return new CodedError('TN1207', `the planner ended with ${exit} and without a plan`, {
    hint: 'Look above for what it said. If it ran out of memory, look for an endless loop that keeps adding to a list.',
  })
}
