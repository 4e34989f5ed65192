// branches.ts — carrying, when(), parallel(), nested chains and declared inputs.
import { chain, defineStep, localFile, parallel, when, workTree, type File, type Ref, type Tree } from 'tenon'
import { z } from 'zod'
import { fetch, make, pack, patch, unpack, version } from './steps.ts'

const source = chain('source', fetch({ url: 'a' }), unpack())

// carry: fields that a step does not touch stay
export const carried: Ref<string> = chain('a', source, version(), patch({ patches: [] })).output.version
//! Property 'version' does not exist
export const dropped = chain('a', source, version(), make()).output.version

// when: fields become optional
const optional = chain('b', source, when(true, version()))
export const maybe: Ref<string | undefined> = optional.output.version
//! Type 'Ref<string \| undefined>' is not assignable to type 'Ref<string>'
export const surely: Ref<string> = optional.output.version
const needsVersion = defineStep({
  name: 'tag',
  input: z.object({ version: z.string() }),
  output: z.object({}),
  run: () => ({}),
})
//! "✗ 'version' → 'tag': \.version is optional but needed"
chain('b', source, when(true, version()), needsVersion())
chain('b', source, when(true, patch({ patches: [] })), make())
//! "✗ when\(\) takes a step that carries; 'make' replaces the document"
when(true, make())
//! is not assignable to parameter of type 'boolean'
when('yes', patch({ patches: [] }))

// parallel: one document in, a record of documents out
const fan = parallel('fan', { prog: make(), tagged: chain('inner', version(), patch({ patches: [] })) })
export const outer = chain('c', source, fan)
export const prog: Ref<Tree> = outer.output.prog.prefix
export const tag: Ref<string> = outer.output.tagged.version
//! "✗ 'fetch' → 'fan': \.src is missing \(needs WorkTree\)"
chain('c', fetch({ url: 'a' }), fan)
//! "✗ 'fan' → 'pack': \.prefix is missing \(needs Tree\); \.version is missing \(needs string\)"
chain('c', source, fan, pack())

// nested chains are steps
chain('d', source, make())
//! "✗ 'source' → 'pack': \.prefix is missing \(needs Tree\); \.version is missing \(needs string\)"
chain('d', source, pack())
//! "✗ 'fetch' → 'parts': \.src is missing \(needs WorkTree\)"
chain('d', fetch({ url: 'a' }), chain('parts', version(), make()))

// a declared input: what the first step needs
const open = chain('open', unpack(), make())
export const given: Ref<Tree> = open.given({ file: localFile('./a.tar') }).output.prefix
export const fromOther: Ref<Tree> = open.given({ file: fetch({ url: 'a' }).output.file }).output.prefix
//! Argument of type '\{\}' is not assignable to parameter of type .*readonly file:
open.given({})
//! Type 'Ref<WorkTree>' is not assignable to type 'Ref<File> \| File'
open.given({ file: source.output.src })
//! 'files' does not exist in type
open.given({ file: localFile('./a.tar'), files: 1 })
// a chain with its input needs nothing of the place where it stands
const local = defineStep({ name: 'local', output: z.object({ src: workTree() }), host: 'source' })
export const anywhere: Ref<Tree> = chain('e', local(), open.given({ file: localFile('./a') })).output.prefix
//! "✗ '\(input\)' → 'first': \.src is missing \(needs WorkTree\)"
open.given({ file: localFile('./a.tar') }).insertBefore('unpack', patch({ patches: [] }).as('first'))

export const artifact: Ref<File> = fetch({ url: 'a' }).output.file
