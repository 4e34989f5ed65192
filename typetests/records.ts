// records.ts — records of steps run in byte order of their keys; a message stands on the property it is about.
import { chain, record, type Ref, type Tree } from 'tenon'
import { fetch, make, patch, unpack } from './steps.ts'

export const hello = record('hello', {
  '20-build': make(),
  '10-unpack': unpack(),
  '00-fetch': fetch({ url: 'a' }),
  '15-x': null,
})
export const prefix: Ref<Tree> = hello.output.prefix
export const third: '20-build' = hello.steps[2].name
export const edited = hello.insertBefore('20-build', patch({ patches: [] })).output.prefix

record('hello', {
  '00-fetch': fetch({ url: 'a' }),
  //! "✗ '00-fetch' → '20-build': \.src is missing \(needs WorkTree\)"
  '20-build': make(),
  '30-unpack': null,
})

// bytewise: '100-…' stands before '50-…'
record('order', {
  //! "✗ '100-build' → '50-unpack': \.file is missing \(needs File\)"
  '50-unpack': unpack(),
  //! "✗ '00-fetch' → '100-build': \.src is missing \(needs WorkTree\)"
  '100-build': make(),
  '00-fetch': fetch({ url: 'a' }),
})

// later records win, null removes, and the record that supplied the step is blamed
const base = { '00-fetch': fetch({ url: 'a' }), '10-unpack': unpack(), '20-build': make() } as const
record('sound', base, { '15-patch': patch({ patches: [] }) })
record('blamed', base, {
  //! "✗ '20-build' → '30-patch': \.src is missing \(needs WorkTree\)"
  '30-patch': patch({ patches: [] }),
})
//! "✗ '00-fetch' → '20-build': \.src is missing \(needs WorkTree\)"
record('removed', base, { '10-unpack': null })

//! "✗ '\(input\)' → '10-unpack': \.file is missing \(needs File\)"
record('first', base, { '00-fetch': null })
export const other = record('other', base, { '00-fetch': null, '05-fetch': fetch({ url: 'b' }) }).output
  .prefix

//! "✗ write this key as a string: '10'"
record('numeric', { '00-fetch': fetch({ url: 'a' }), 10: unpack() })
record('text', { '00': fetch({ url: 'a' }), '10': unpack() })

const unknown: Record<string, ReturnType<typeof make>> = {}
//! ✗ the keys of this record are not known, so its steps cannot be checked
record('open', unknown)

//! is not assignable to type .*AnyStep
record('no step', { '10-x': make })

// the record form and the chain form are one type
export const same: typeof both = record('both', { a: fetch({ url: 'a' }), b: unpack() })
const both = chain('both', fetch({ url: 'a' }).as('a'), unpack().as('b'))
