// transitions.ts — what the compiler says when an output does not fit the next input.
import { chain, defineStep, file, tree, type File, type Ref, type Tree } from 'tenon'
import { z } from 'zod'
import * as z3 from 'zod/v3'
import { fetch, make, pack, patch, unpack, version } from './steps.ts'

const url = 'https://example.org/a.tar.gz'

export const sound = chain('sound', fetch({ url }), unpack(), version(), make())
export const prefix: Ref<Tree> = sound.output.prefix
export const fluent: typeof sound = chain('sound')
  .step(fetch({ url }))
  .step(unpack())
  .step(version())
  .step(make())

// wrong transition
//! "✗ 'fetch' → 'make': \.src is missing \(needs WorkTree\)"
chain('a', fetch({ url }), make())
//! "✗ 'fetch' → 'make': \.src is missing \(needs WorkTree\)"
chain('a').step(fetch({ url })).step(make())

// the message stands on the step that does not fit
chain(
  'b',
  fetch({ url }),
  unpack(),
  //! "✗ 'unpack' → 'pack': \.prefix is missing \(needs Tree\); \.version is missing \(needs string\)"
  pack(),
  version(),
)

// missing fields are joined to one line
//! "✗ 'unpack' → 'pack': \.prefix is missing \(needs Tree\); \.version is missing \(needs string\)"
chain('c', fetch({ url }), unpack(), pack())

// wrong type of a field, nested too
const config = defineStep({
  name: 'config',
  output: z.object({
    mode: z.enum(['debug', 'profile']),
    tool: z.object({ at: z.object({ rev: z.number() }) }),
  }),
  run: () => ({ mode: 'debug' as const, tool: { at: { rev: 1 } } }),
})
const useConfig = defineStep({
  name: 'use-config',
  input: z.object({
    mode: z.enum(['debug', 'release']),
    tool: z.object({ at: z.object({ rev: z.string() }) }),
  }),
  output: z.object({}),
  run: () => ({}),
})
//! "✗ 'config' → 'use-config': \.mode needs 'debug' \| 'release', gets 'debug' \| 'profile'; \.tool\.at\.rev needs string, gets number"
chain('d', config(), useConfig())

// optional but needed
const maybe = defineStep({
  name: 'maybe',
  output: z.object({ log: file().optional() }),
  run: () => ({}),
})
const needsLog = defineStep({
  name: 'read',
  input: z.object({ log: file() }),
  output: z.object({}),
  run: () => ({}),
})
//! "✗ 'maybe' → 'read': \.log is optional but needed"
chain('e', maybe(), needsLog())

// artifacts are told apart
const needsFile = defineStep({
  name: 'run',
  input: z.object({ prefix: file() }),
  output: z.object({}),
  run: () => ({}),
})
//! "✗ 'make' → 'run': \.prefix needs File, gets Tree"
chain('f', fetch({ url }), unpack(), make(), needsFile())
const listed = defineStep({
  name: 'list',
  output: z.object({ all: z.array(tree()) }),
  run: () => ({ all: [] }),
})
const needsFiles = defineStep({
  name: 'files',
  input: z.object({ all: z.array(file()) }),
  output: z.object({}),
  run: () => ({}),
})
//! "✗ 'list' → 'files': \.all\[\] needs File, gets Tree"
chain('g', listed(), needsFiles())

// `any` in an output is no way around the check
const loose = defineStep({ name: 'loose', output: z.object({ src: z.any() }), run: () => ({ src: 1 }) })
//! "✗ 'loose' → 'make': \.src needs WorkTree, gets unknown"
chain('h', loose(), make())
const looser = defineStep({ name: 'looser', output: z.any(), run: () => 1 })
//! "✗ 'looser' → 'make': value needs { src: WorkTree }, gets unknown"
chain('h', looser(), make())

// duplicate names
//! "✗ two steps are named 'patch'"
chain('i', fetch({ url }), unpack(), patch({ patches: [] }), patch({ patches: [] }), make())
chain('i', fetch({ url }), unpack(), patch({ patches: [] }), patch({ patches: [] }).as('patch-2'), make())
const twice = chain('i')
  .step(fetch({ url }))
  .step(unpack())
  .step(patch({ patches: [] }))
//! "✗ two steps are named 'patch'"
twice.step(patch({ patches: [] }))

// a list of unknown length can't be checked
const many = [make(), make()]
//! "✗ a list of steps of unknown length cannot be checked
chain('j', ...many)

// zod 3 and zod 4 mix
const old = defineStep({
  name: 'old',
  params: z3.object({ level: z3.number().default(1) }),
  output: z3.object({ n: z3.number(), s: z3.string().optional() }),
  run: ({ params }) => ({ n: params.level }),
})
const next = defineStep({
  name: 'next',
  input: z.object({ n: z.number() }),
  output: z.object({ n: z.string() }),
  run: () => ({ n: '' }),
})
const last = defineStep({
  name: 'last',
  input: z3.object({ n: z3.number() }),
  output: z3.object({}),
  run: () => ({}),
})
chain('k', old({ level: 2 }), next())
//! "✗ 'next' → 'last': \.n needs number, gets string"
chain('k', old(), next(), last())

// a file is a text, a text no file
export const text: string = fetch({ url }).output.file.toString()
//! Type 'Ref<File>' is not assignable to type 'Ref<Tree>'
export const wrong: Ref<Tree> = fetch({ url }).output.file
export const right: Ref<File> = fetch({ url }).output.file
