// main.ts — the planner's process: one request from stdin; the plan, or what is wrong, to stdout. What build files print goes to stderr.
import { writeSync } from 'node:fs'
import { faultOf } from './fault.ts'
import { makePlan, type PlanRequest } from './make-plan.ts'
import { EXIT } from './exit.ts'

let request = ''
process.stdin.setEncoding('utf8')
process.stdin.on('data', (chunk: string) => {
  request += chunk
  // start.ts wrote one line.
  if (request.endsWith('\n')) void answered(JSON.parse(request) as PlanRequest)
})
process.stdin.on('end', () => process.exit(EXIT.unasked)) // whoever asked is gone

async function answered(asked: PlanRequest): Promise<void> {
  const [text, exitCode] = await makePlan(asked).then(
    (planned) => [planned, EXIT.planned] as const,
    (error: unknown) => [JSON.stringify(faultOf(error)), EXIT.fault] as const,
  )
  const bytes = Buffer.from(text)
  for (let written = 0; written < bytes.length;) written += writeSync(1, bytes, written)
  process.exit(exitCode)
}
