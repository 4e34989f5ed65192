// edits.ts — edits by step name: the new neighbours are checked again, and steps further down too.
import { chain, type Ref, type Tree, type File } from 'tenon'
import { fetch, make, pack, patch, unpack, version } from './steps.ts'

const hello = chain('hello', fetch({ url: 'a' }), unpack(), make())

export const patched = hello.insertAfter('unpack', patch({ patches: [] }))
export const prefix: Ref<Tree> = patched.output.prefix
export const cut: Ref<File> = hello.remove('make').remove('unpack').output.file
export const again = hello
  .insertBefore('make', patch({ patches: [] }))
  .replace('make', make({ jobs: 2 }).as('make-2'))
export const names: 'fetch' | 'unpack' | 'patch' | 'make-2' = again.steps[2].name

// unknown names
//! '"nope"' is not assignable to parameter of type '"fetch" \| "make" \| "unpack"'
hello.remove('nope')
//! '"nope"' is not assignable to parameter of type '"fetch" \| "make" \| "unpack"'
hello.insertBefore('nope', patch({ patches: [] }))
//! '"nope"' is not assignable to parameter of type '"fetch" \| "make" \| "unpack"'
hello.insertAfter('nope', patch({ patches: [] }))
//! '"nope"' is not assignable to parameter of type '"fetch" \| "make" \| "unpack"'
hello.replace('nope', make())

// broken neighbours
//! "✗ 'fetch' → 'make': \.src is missing \(needs WorkTree\)"
hello.remove('unpack')
//! "✗ '\(input\)' → 'unpack': \.file is missing \(needs File\)"
hello.remove('fetch')
//! "✗ '\(input\)' → 'unpack-2': \.file is missing \(needs File\); and 1 more"
hello.replace('fetch', unpack().as('unpack-2'))
//! "✗ 'fetch' → 'patch': \.src is missing \(needs WorkTree\)"
hello.insertAfter('fetch', patch({ patches: [] }))
//! "✗ 'make' → 'pack': \.version is missing \(needs string\)"
hello.insertAfter('make', pack())
//! "✗ 'fetch' → 'make-2': \.src is missing \(needs WorkTree\); and 1 more"
hello.replace('unpack', make().as('make-2'))
//! "✗ two steps are named 'unpack'"
hello.replace('make', unpack())
//! "✗ two steps are named 'make'"
hello.insertBefore('make', make())

// what is carried past a removed step is missed further down
const carried = chain(
  'carried',
  fetch({ url: 'a' }),
  unpack(),
  version(),
  patch({ patches: [] }),
  version().as('again'),
)
export const src = carried.remove('again').output.version
//! Property 'version' does not exist
export const gone = carried.remove('version').remove('again').output.version
