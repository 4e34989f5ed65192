// failure.test.ts — steps that fail or answer badly, through the command: code, place, hint, exit code; nothing after them runs, nothing is stored.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { before, describe, test } from 'node:test'
import { Project, type Ran } from '../project.ts'

/** Bodies of sh steps that are to answer with a file `note` and a number `count`. */
const SCRIPTS = {
  'exits with 1': 'echo the last words; exit 1',
  'exits with 2': 'exit 2',
  'exits with 255': 'exit 255',
  'is killed': 'kill -9 $$',
  hangs: '(setsid sleep 987654.5 &); sleep 987654.5',
  'writes a gigabyte of log': 'head -c 1073741824 /dev/zero',
  'leaves half of its output': 'printf half > "$out_note"; exit 1',
  'leaves daemons and fails': '(setsid sleep 987654.5 >/dev/null 2>&1 &); exit 3',
  'answers no JSON': `printf 'count = 1' > "$response"`,
  'answers a list': `printf '[1]' > "$response"`,
  'answers the wrong shape': 'output_json count "\\"one\\""; echo x > "$out_note"',
  'answers too little': 'output_json count 1',
  'names what is not there': 'output_json count 1; output note /build/nowhere',
  'names what is not its own': 'output_json count 1; output note /etc/passwd',
  'names a folder as a file': 'output_json count 1; mkdir folder; output note /build/folder',
} as const
type ScriptName = keyof typeof SCRIPTS
const exportOf = (name: string): string => name.replaceAll(/\W/g, '_')

const BUILD = `import { z } from 'zod'
import { chain, defineStep, file } from 'tenon'
const output = z.object({ note: file(), count: z.number() })
const bad = defineStep({ name: 'bad', params: z.object({ script: z.string() }), output, script: ({ script }) => script })
const brief = defineStep({ name: 'bad', params: z.object({ script: z.string() }), output, timeoutMs: 1000, script: ({ script }) => script })
const next = defineStep({ name: 'next', input: output, output: z.object({ count: z.number() }), script: 'output_json count "$in_count"' })
const of = (script: string) => chain('package', script.startsWith('(setsid sleep 987654.5 &)') ? brief({ script }) : bad({ script }), next())
${Object.entries(SCRIPTS)
  .map(([name, text]) => `export const ${exportOf(name)} = of(${JSON.stringify(text)})\n`)
  .join('')}
const quits = defineStep({ name: 'quits', output, async run() { process.exit(0) } })
export const leaves_no_document = chain('package', quits(), next())
const throws = defineStep({ name: 'throws', output, async run() { throw new Error('out of luck') } })
export const throws_an_error = chain('package', throws(), next())
const daemons = defineStep({ name: 'daemons', output: z.object({ n: z.number() }), script: '(setsid sleep 987654.5 >/dev/null 2>&1 &); output_json n 1' })
export const leaves_daemons = chain('package', daemons())
`

const lossy = {
  NaN: '/list/1 is NaN',
  '-0': '/list/1 is -0',
  'undefined as never': '/list/1 is undefined',
  '1n as never': '/list/1 is a bigint',
  'new Map() as never': '/list/1 is a Map instance',
  'new Date(0) as never': '/list/1 is a Date instance',
}
const LOSSY = `import { z } from 'zod'
import { chain, defineStep } from 'tenon'
const output = z.object({ list: z.array(z.number()) })
${Object.keys(lossy)
  .map(
    (value, i) =>
      `const step${i} = defineStep({ name: 'lossy', output, async run() { return { list: [1, ${value}] } } })\nexport const lossy${i} = chain('lossy', step${i}())\n`,
  )
  .join('')}`

const project = new Project({ 'build.ts': BUILD, 'lossy.ts': LOSSY })
before(async () => {
  const { code, stderr } = await project.tenon(['check'])
  assert.equal(code, 0, stderr)
})

async function fails(name: string, ...patterns: readonly RegExp[]): Promise<Ran> {
  const before = project.stored()
  const ran = await project.tenon(['build', `#${exportOf(name)}`])
  const text = ran.stdout + ran.stderr
  assert.equal(ran.code, 1, text)
  assert.equal(ran.stdout, '', 'nothing is printed as a result')
  for (const pattern of patterns) assert.match(ran.stderr, pattern)
  assert.match(ran.stderr, /^error TN[23]\d{3}: step 'package@/m)
  assert.match(ran.stderr, /^ *(hint|look inside): ./m)
  assert.match(ran.stderr, /^package@next: not run, because package@\w+ failed$/m)
  assert.doesNotMatch(ran.stderr, /package@next: (started|ran)/)
  assert.deepEqual(project.stored(), before, 'the store is as before')
  assert.deepEqual(project.processesWith('987654.5'), [], 'no process is left')
  return ran
}

describe('a step fails the build when it', () => {
  const cases: Readonly<Record<ScriptName, readonly RegExp[]>> = {
    'exits with 1': [/TN3701/, /package@bad.* exited with code 1$/m, /\| the last words/],
    'exits with 2': [/TN3701/, /exited with code 2$/m],
    'exits with 255': [/TN3701/, /exited with code 255$/m],
    'is killed': [/TN3702/, /SIGKILL/],
    hangs: [/TN3703/, /longer than its limit of 1 s/, /hint: .*timeoutMs/],
    'writes a gigabyte of log': [/TN3704/, /hint: .*quieter/],
    'leaves half of its output': [/TN3701/],
    'leaves daemons and fails': [/exited with code 3/],
    'answers no JSON': [/TN3706/, /not JSON/, /begins: "count = 1"/],
    'answers a list': [/TN3707/, /\(the document\): .*object/],
    'answers the wrong shape': [/TN3707/, /\/count: .*number/],
    'answers too little': [/TN3707/, /\/note/],
    'names what is not there': [/TN3708/, /\/note = "\/build\/nowhere"/],
    'names what is not its own': [/TN3709/, /\/note = "\/etc\/passwd"/, /hint: /],
    'names a folder as a file': [/TN3711/, /\/note = "\/build\/folder".*a folder/, /hint: /],
  }
  for (const [name, patterns] of Object.entries(cases))
    test(name, async () => void (await fails(name, ...patterns)))
  test('exits with 0 but leaves no document', async () =>
    void (await fails('leaves no document', /TN3705/, /hint: /)))
  test('throws an error, which its log tells with the stack', async () =>
    void (await fails('throws an error', /TN3701/, /\| .*out of luck/, /\| .*at .*run/)))
})

test('daemons that a step leaves are gone when it is done', async () => {
  const { code, stderr } = await project.tenon(['build', '#leaves_daemons'])
  assert.equal(code, 0, stderr)
  assert.deepEqual(project.processesWith('987654.5'), [])
})

test('a failure is not remembered as a result: the next build runs the step again, and goes on once it works', async () => {
  const first = await project.build('#exits_with_2')
  assert.equal(first.failures[0]?.error.code, 'TN3701')
  assert.deepEqual([first.ran, first.found], [[], []])
  project.write({ 'fixed.ts': BUILD.replace('"exit 2"', `'output_json count 1; echo x > "$out_note"'`) })
  assert.deepEqual((await project.build('fixed.ts#exits_with_2')).ran, ['bad', 'next'])
})

test('the log of the failed step can be read later, and is in the file that was named', async () => {
  const { stderr } = await project.tenon(['build', '#exits_with_1'])
  const [, file = ''] = /log: (\S+)/.exec(stderr) ?? []
  assert.equal(readFileSync(file, 'utf8'), 'the last words\n')
  const log = await project.tenon(['log', '#exits_with_1'])
  assert.deepEqual([log.code, log.stdout], [0, 'the last words\n'])
  assert.equal((await project.tenon(['log', '#exits_with_1@bad'])).stdout, 'the last words\n')
  const none = await project.tenon(['log', '#exits_with_1@next'])
  assert.equal(none.code, 2)
  assert.match(none.stderr, /TN6021: the step next has left no log/)
})

test('what JSON would lose or change fails the step, with its place', async () => {
  for (const [i, expected] of Object.values(lossy).entries()) {
    const { failures } = await project.build(`lossy.ts#lossy${i}`)
    const text = [
      failures[0]?.error.message,
      ...(failures[0]?.error.details ?? []),
      ...(failures[0]?.logTail ?? []),
    ]
    assert.ok(text.join('\n').includes(expected), text.join('\n'))
  }
})

test('--keep-going runs all that does not need the failed step; --keep-failed keeps its files and says where', async () => {
  project.write({
    'both.ts': `${BUILD}
const good = defineStep({ name: 'good', output: z.object({ n: z.number() }), script: 'output_json n 1' })
const after = defineStep({ name: 'after', mode: 'carry', params: z.object({ all: z.array(z.number()) }), output: z.object({}), script: 'true' })
const goods = ['a', 'b', 'c'].map((name) => chain(name, good(), good().as('again')))
export const both = chain('both', after({ all: [of('printf left > left; exit 1').output.count, ...goods.map((each) => each.output.n)] }))
`,
  })
  const going = await project.build('both.ts#both', { keepGoing: true, jobs: 1 })
  assert.deepEqual(
    [going.ok, going.failures.length, going.ran.toSorted()],
    [false, 1, ['again', 'again', 'again', 'good', 'good', 'good']],
  )
  const { code, stderr } = await project.tenon(['build', 'both.ts#both', '--keep-failed'])
  assert.equal(code, 1)
  const [, kept = ''] = /kept the files of the failed step: (\S+)/.exec(stderr) ?? []
  // It outlives the command, and the next ones.
  assert.equal((await project.tenon(['build', 'both.ts#both'])).code, 1)
  const files = readdirSync(kept, { recursive: true, encoding: 'utf8' })
  assert.ok(
    files.some((path) => path.endsWith('/left')),
    files.join('\n'),
  )
})
