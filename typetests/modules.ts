// modules.ts — what modules may set, and in which words the compiler refuses the rest.
import {
  chain,
  definePackage,
  defineModule,
  defineStep,
  dep,
  evalModules,
  file,
  flag,
  mkAfter,
  mkDefault,
  mkForce,
  mkIf,
  option,
  submodules,
  tree,
  versions,
  when,
  workTree,
  type AnyModule,
  type File,
  type Ref,
  type Tree,
} from 'tenon'
import { z } from 'zod'
import { fetch, make, pack, patch, unpack, version } from './steps.ts'

const zlib = chain('zlib', fetch({ url: 'z' }), unpack(), make())
export const base = defineModule({
  options: {
    version: option(z.string(), { description: 'Released version', default: '1' }),
    url: option(z.string(), { description: 'Where from' }),
    jobs: option(z.number().default(1), { description: 'How many' }),
    mode: option(z.enum(['debug', 'release']), { description: 'Which' }),
    flags: option(z.array(z.string()), { description: 'Flags', default: [], merge: (all) => all.flat() }),
    env: option(z.record(z.string(), z.string()), { description: 'Variables', default: {} }),
    source: option(file(), { description: 'Archive' }),
    full: option(z.string(), { description: 'Follows', readOnly: true }),
    docs: {
      enable: flag('With documentation'),
      format: option(z.literal(['html', 'man']), { description: 'Which' }),
    },
  },
  deps: { zlib: dep(z.object({ prefix: tree() }), { description: 'Compression', default: zlib }) },
  config: ({ config, deps, name }) => ({
    url: mkDefault(() => `https://x/${name}-${config.version}.tar`),
    mode: mkIf(() => config.docs.enable, 'debug'),
    full: () => `${name} ${config.version}`,
    flags: mkAfter(() => [`--with=${deps.zlib.output.prefix}`]),
    env: { A: 'b' },
    source: fetch({ url: 'a' }).output.file,
    docs: { format: () => (config.jobs > 1 ? 'html' : 'man') },
  }),
  steps: ({ config, deps }) => ({
    '10-fetch': fetch({ url: config.url }),
    '20-unpack': unpack(),
    '25-patch': when(config.docs.enable, patch({ patches: [config.source] })),
    '30-make': make({ jobs: config.jobs, zlib: deps.zlib.output.prefix }),
  }),
  assertions: [{ holds: ({ config }) => config.jobs > 0, message: ({ config }) => `${config.jobs} jobs` }],
  warnings: [{ when: ({ config }) => config.version === '0', message: 'very old' }],
})
export const hello = definePackage('hello', { imports: [base] })

// what config gives
export const config: {
  readonly version: string
  readonly jobs: number
  readonly mode: 'debug' | 'release'
  readonly flags: readonly string[]
  readonly source: Ref<File>
  readonly docs: { readonly enable: boolean; readonly format: 'html' | 'man' }
} = hello.config
export const prefix: Ref<Tree> = hello.output.prefix
export const name: 'hello' = hello.name

// right ways to set
hello.extend({ config: { version: '2', mode: 'release', docs: { enable: true } } })
hello.extend({ config: { version: () => '2', mode: mkForce('debug'), source: fetch({ url: 'b' }) } })
hello.extend({ config: mkIf(true, { mode: 'debug', docs: { enable: true } }) })
hello.extend({ config: ({ config }) => mkIf(() => config.docs.enable, { flags: ['-x'] }) })
hello.extend({ config: { deps: { zlib: chain('other', unpack(), make()) } } })
hello.extend((before) => ({ config: { version: mkForce(`${before.config.version}.1`) } }))
export const archive = defineStep({
  name: 'archive',
  input: z.object({ prefix: tree() }),
  output: z.object({ archive: file() }),
  run: ({ out }) => ({ archive: out.archive }),
})
export const packed: Ref<File> = hello
  .extend({ steps: { '25-patch': null, '27-version': version() } })
  .extend({ steps: ({ config }) => ({ '40-archive': archive().as(config.url) }) }).output.archive
export const own = hello.extend({
  options: { suffix: option(z.string(), { description: 'At the end' }) },
  config: ({ config }) => ({ suffix: () => config.version, version: mkDefault(() => config.suffix) }),
})
export const suffix: string = own.config.suffix

// options that are not there
//! "✗ there is no option 'versoin'"
hello.extend({ config: { versoin: '2' } })
//! "✗ there is no option 'docs\.enabel'"
hello.extend({ config: { docs: { enabel: true } } })
//! "✗ there is no option 'versoin'"
hello.extend({ config: ({ config }) => ({ mode: 'debug', versoin: () => config.url }) })
//! "✗ there is no option 'versoin'"
hello.extend({ config: mkIf(true, { versoin: '2' }) })
//! Property 'versoin' does not exist on type
hello.extend({ config: ({ config }) => ({ url: () => config.versoin }) })
//! Property 'versoin' does not exist on type
export const unknown = hello.config.versoin
//! "✗ there is no option 'deps\.zlob'"
hello.extend({ config: { deps: { zlob: zlib } } })
//! "✗ there is no option 'verison'"
defineModule({ imports: [base], config: { verison: '2' } })
//! "✗ there is no option 'version'"
defineModule({ config: { version: '2' } })

// values of the wrong type
//! "✗ option 'version': value needs string, gets 2"
hello.extend({ config: { version: 2 } })
//! "✗ option 'version': value needs string, gets string\[\]"
hello.extend({ config: ({ config }) => ({ version: () => config.flags }) })
//! "✗ option 'mode': value needs 'debug' \| 'release', gets 'fast'"
hello.extend({ config: { mode: mkForce('fast') } })
//! "✗ option 'docs\.enable': value needs boolean, gets 'yes'"
hello.extend({ config: { docs: { enable: 'yes' } } })
//! "✗ option 'source' needs File, gets string"|"✗ option 'source': value needs File, gets 'a\.tar'"
hello.extend({ config: { source: 'a.tar' } })
//! "✗ dependency 'deps\.zlib': \.prefix is missing \(needs Tree\)"
hello.extend({ config: { deps: { zlib: fetch({ url: 'a' }) } } })
//! "✗ option 'full' is read-only: it follows from others"
hello.extend({ config: { full: 'mine' } })
//! Type 'number' is not assignable to type 'string'
option(z.string(), { description: 'A text', default: 3 })

// steps
//! "✗ '10-fetch' → '25-patch': \.src is missing \(needs WorkTree\); and 1 more"
hello.extend({ steps: { '20-unpack': null } })
//! "✗ there is no step '21-unpack' to remove"
hello.extend({ steps: { '21-unpack': null } })
//! "✗ '30-make' → '40-unpack': \.file is missing \(needs File\)"
hello.extend({ steps: { '40-unpack': unpack() } })
//! "✗ '1-unpack' → '2-unpack': \.file is missing \(needs File\)"
definePackage('x', { steps: { '1-unpack': unpack(), '2-unpack': unpack() } })
//! "✗ '30-make' → '40-unpack': \.file is missing \(needs File\)"
definePackage('x', { imports: [base, defineModule({ steps: { '40-unpack': unpack() } })] })
//! "✗ '40-x' is no step: call what defineStep gave"
hello.extend({ steps: { '40-x': make } })
//! "✗ '40-x' is no step: call what defineStep gave"
defineModule({ steps: { '40-x': make } })

// unknown keys of a module
//! 'optoins' does not exist in type
defineModule({ optoins: {} })

// submodules and versions
const program = defineModule({ options: { main: option(z.string(), { description: 'Main file' }) } })
const programs = defineModule({
  options: { programs: submodules(program, { description: 'Programs' }) },
  config: { programs: { a: { main: 'a.c' }, b: { main: mkForce('b.c') } } },
})
export const main: string | undefined = evalModules([programs]).config.programs['a']?.main
//! "✗ option 'programs'
defineModule({ imports: [programs], config: { programs: { a: { main: 3 } } } })
export const group = versions(hello, { '1': { version: '1.9' }, '2': { version: '2.1' } }, '2')
export const second: string = group.versions['2'].config.url
//! "✗ option 'version': value needs string, gets number"
versions(hello, { '1': { version: 1 } }, '1')
//! "3" is not assignable|'"3"' is not assignable
versions(hello, { '1': { version: '1' } }, '3')

// what modules give together, as planning decides it
const link = defineStep({
  name: 'link',
  input: z.object({ src: workTree() }),
  output: z.object({ archive: file() }),
  script: 'true',
})
const strip = defineStep({
  name: 'strip',
  input: z.object({ src: workTree() }),
  output: z.object({ prefix: tree(), size: z.number() }),
  script: 'true',
})
const linked = defineModule({ imports: [base], steps: { '30-make': link() } })
const features = defineModule({ imports: [base], options: { fast: flag('Fast') } })
// a diamond: who replaces a step of a module counts, in whatever order they are imported
export const diamond: Ref<File> = definePackage('d', { imports: [linked, features] }).output.archive
export const turned: Ref<File> = definePackage('d', { imports: [features, linked] }).output.archive
export const deeper: Ref<File> = definePackage('d', {
  imports: [defineModule({ imports: [features] }), defineModule({ imports: [linked] }), base],
}).output.archive
export const twice: Ref<File> = definePackage('d', { imports: [linked, linked, base] }).output.archive
export const later: Ref<File> = hello.extend({ imports: [linked] }).output.archive
const without = defineModule({ imports: [base], steps: { '25-patch': null } })
export const gone: Ref<Tree> = definePackage('d', { imports: [without, features] }).output.prefix

// two modules that give one step
const stripped = defineModule({ imports: [base], steps: { '30-make': strip() } })
//! "✗ two modules that do not know of each other give the step '30-make'"
definePackage('x', { imports: [linked, stripped] })
//! "✗ two modules that do not know of each other give the step '30-make'"
definePackage('x', { imports: [linked, stripped], steps: { '40-version': version() } })
//! "✗ two modules that do not know of each other give the step '30-make'"
hello.extend({ imports: [defineModule({ steps: { '30-make': strip() } })] })
definePackage('x', {
  //! "✗ two modules that do not know of each other give the step '25-patch'"
  imports: [without, defineModule({ imports: [base], steps: { '25-patch': version() } })],
})
const alsoWithout = defineModule({ imports: [features], steps: { '25-patch': null } })
export const bothWithout: Ref<Tree> = definePackage('d', { imports: [without, alsoWithout] }).output.prefix
export const decided: Ref<File> = definePackage('d', {
  imports: [linked, stripped],
  steps: { '30-make': link() },
}).output.archive
const both = defineModule({ imports: [linked, stripped], steps: { '30-make': strip() } })
export const between: Ref<number> = definePackage('d', { imports: [linked, both, stripped] }).output.size
//! "✗ there is no step '25-patch' to remove"
defineModule({ steps: { '25-patch': null } })
defineModule({ imports: [features], steps: { '25-patch': null } })

// a step that others need
//! "✗ '\(input\)' → '20-unpack': \.file is missing \(needs File\)"
hello.extend({ steps: { '10-fetch': null } })
//! "✗ '\(input\)' → '20-unpack': \.file is missing \(needs File\)"
definePackage('x', { imports: [base], steps: { '10-fetch': null } })
hello.extend({ steps: { '10-fetch': null, '05-other': fetch({ url: 'b' }) } })
const part = definePackage('part', { steps: { '1-unpack': unpack(), '2-make': make() } })
export const whole: Ref<Tree> = chain('whole', fetch({ url: 'a' }), part).output.prefix
export const shorter = part.extend({ steps: { '2-make': null } })

// what only planning knows is accepted, and fits everywhere
declare const names: readonly string[]
declare const on: boolean
const computed = hello.extend({ steps: Object.fromEntries(names.map((each) => [each, version()])) })
export const made: Ref<Tree> | undefined = computed.output['prefix']
export const after = chain('after', computed, pack())
hello.extend({ config: { deps: { zlib: computed } } })
computed.extend({ steps: { '10-fetch': null, '99-never': null, '98-unpack': unpack() } })
export const perhaps = chain('perhaps', hello.extend({ steps: { '40-x': on ? archive() : null } }), pack())
export const spread = hello.extend({ steps: { ...(on ? { '40-archive': archive() } : {}) } })
export const afterSpread = chain('spread', spread, pack())
const widened: {} = { '20-unpack': null }
export const afterWidened = chain('widened', hello.extend({ steps: widened }), pack())
declare const modules: readonly AnyModule[]
export const afterModules = chain('modules', definePackage('x', { imports: modules }), pack())
//! "✗ there is no option 'versoin'"
computed.extend({ config: { versoin: '2' } })
//! "✗ '40-x' is no step: call what defineStep gave"
computed.extend({ steps: { '40-x': make } })
//! "✗ write this key as a string: '10'"
hello.extend({ steps: { 10: unpack() } })
// modules whose types are the same are one for the compiler: planning says that they are two
const alike = () => defineModule({ imports: [base], steps: { '30-make': link() } })
export const oneOrTwo: Ref<File> = definePackage('x', { imports: [alike(), alike()] }).output.archive
