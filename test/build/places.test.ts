// places.test.ts — what the driver makes and takes away for a step: little on the disk, and never too little room for a step.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { realiseDocument } from '../../runtime/commands/build.ts'
import { localEngine } from '../../runtime/commands/local-engine.ts'
import { loadTarget } from '../../runtime/commands/target.ts'
import { PlacePool } from '../../runtime/engines/places/place-pool.ts'
import type { BuildEvent } from '../../runtime/report/event.ts'
import { probeRungs } from '../../runtime/sandbox/rungs.ts'
import { Project } from '../project.ts'

const nexts = (count: number): string =>
  Array.from({ length: count }, (_, i) => `.step(next({ index: ${i} }).as('n${i}'))`).join('')
const BUILD = `import { z } from 'zod'
import { chain, defineStep, file } from 'tenon'
const text = z.object({ text: file() })
const first = defineStep({ name: 'first', output: text, script: 'echo 0 >"$out_text"' })
const next = defineStep({ name: 'next', params: z.object({ index: z.number() }), input: text, output: text,
  script: 'read -r n <"$in_text"; echo $((n + 1)) >"$out_text"' })
const writes = (name: string, andThen: string) => chain(name, defineStep({ name: 'write', output: z.object({ size: z.string() }),
  script: 'head -c 3000000 /dev/zero >/tenon/step/out/notes' + andThen + '; set -- $(wc -c /tenon/step/out/notes); output size "$1"' })())
export const short = chain('short', first())${nexts(12)}
export const long = chain('long', first())${nexts(32)}
export const stops = writes('stops', '')
export const fails = chain('fails', defineStep({ name: 'fail', output: z.object({}),
  script: 'echo x >in-build; echo x >/tmp/in-tmp; echo x >/tenon/step/out/notes; exit 3' })())
export const goesOn = writes('goes-on', ' || :')
`

const project = new Project({ 'build.ts': BUILD })
const rungs = await probeRungs(project.home)
const skip =
  rungs.find(({ rung }) => rung === 'supervisor')?.works === true
    ? false
    : 'without the supervisor there is no memory for steps'

/** Names by which this process has made files and folders, while it did `work`. */
async function madeDuring(work: () => Promise<unknown>): Promise<readonly string[]> {
  const made: string[] = []
  const names = ['mkdirSync', 'writeFileSync', 'openSync', 'copyFileSync', 'symlinkSync', 'linkSync'] as const
  const originals = names.map((name) => [name, fs[name]] as const)
  for (const [name, original] of originals) {
    const path = ['copyFileSync', 'symlinkSync', 'linkSync'].includes(name) ? 1 : 0
    const counted = (...args: unknown[]): unknown => {
      const at = args[path]
      const isNew =
        (typeof at === 'string' || Buffer.isBuffer(at)) &&
        fs.lstatSync(at, { throwIfNoEntry: false }) === undefined
      const result: unknown = Reflect.apply(original, fs, args)
      if (isNew) made.push(String(at))
      return result
    }
    Object.assign(fs, { [name]: counted })
  }
  syncBuiltinESMExports()
  try {
    await work()
  } finally {
    for (const [name, original] of originals) Object.assign(fs, { [name]: original })
    syncBuiltinESMExports()
  }
  return made
}

before(async () => {
  await project.build('#short') // what is made once for a home and for the loader
})

test('for one more step the driver makes nothing on the disk that goes again', { skip }, async () => {
  const inPlaces = async (target: string): Promise<readonly string[]> => {
    const made = await madeDuring(() => project.build(target, { force: true }))
    const below = join(project.home, 'tmp/')
    return made.filter((path) => path.startsWith(below) && /^[^/]+\/step\./.test(path.slice(below.length)))
  }
  const [short, long] = [await inPlaces('#short'), await inPlaces('#long')]
  assert.ok(short.length > 0)
  assert.deepEqual(long.length - short.length, 0, long.join('\n'))
})

for (const [name, what] of [
  ['stops', 'fails for that'],
  ['goesOn', 'goes on without it'],
] as const)
  test(
    `a step that writes more than its memory holds and ${what} runs again, with room`,
    { skip },
    async () => {
      const events: BuildEvent[] = []
      const options = { ...project.buildOptions(`#${name}`, events), rung: 'supervisor' } as const
      const target = await loadTarget(options)
      const engine = localEngine(target.loaded, options)
      const small = { ...engine, places: new PlacePool(engine.store, 2 ** 20) }
      const { result } = await realiseDocument(small, target, target.document, options)
      result.release()
      assert.deepEqual(result.document, { size: '3000000' })
      assert.equal(engine.processes(), 2)
      const warnings = events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []))
      assert.equal(warnings.length, 1)
      assert.match(
        warnings[0] ?? '',
        /@write: \/tenon\/step could not be kept in memory; the step runs again/,
      )
    },
  )

test('what a failed step had stays when it is asked for, also what was in memory', async () => {
  const { events, failures } = await project.build('#fails', { keepFailed: true })
  assert.equal(failures[0]?.error.code, 'TN3701')
  const said = events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []))
  const [, kept = ''] =
    /^kept the files of the failed step: (.*\/kept\/fails-fail-.*)$/.exec(said[0] ?? '') ?? []
  for (const path of ['build/in-build', 'tmp/in-tmp', 'step/out/notes'])
    assert.equal(fs.readFileSync(join(kept, path), 'utf8'), 'x\n')
  assert.match(fs.readFileSync(join(kept, 'step/request.json'), 'utf8'), /"chain":"fails"/)
})

test('after a build nothing of its places is left', async () => {
  const { failures } = await project.build('#short', { force: true })
  assert.deepEqual(failures, [])
  const left = fs.readdirSync(join(project.home, 'tmp'), { recursive: true, encoding: 'utf8' })
  assert.deepEqual(
    left.filter((path) => path.includes('step.')),
    [],
  )
})
