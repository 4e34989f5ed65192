// definitions.ts — what defineStep and the params of a step in use refuse.
import { chain, defineStep, file, hostTools, tree, workTree, type Tree } from 'tenon'
import { z } from 'zod'
import { fetch, make, patch, unpack } from './steps.ts'

const hello = chain('hello', fetch({ url: 'a' }), unpack(), make())
const output = z.object({ n: z.number() })

// the body: types of input, params, out and of what it returns
defineStep({
  name: 'typed',
  params: z.object({ jobs: z.number().default(1), tags: z.array(z.string()).optional() }),
  input: z.object({ src: workTree() }),
  output: z.object({
    prefix: tree(),
    dist: z.object({ log: file() }),
    count: z.number(),
    note: z.string().optional(),
  }),
  tools: ({ jobs }) => (jobs > 1 ? [hostTools('make')] : []),
  async run({ input, params, out, $, log, placeholder, platform }) {
    const jobs: number = params.jobs
    const { stdout, exitCode } = await $.in(input.src)`make -j${jobs} ${['a', 'b']}`
    log(`${placeholder('prefix')} ${platform.arch} ${exitCode}`)
    const only: 'prefix' | 'dist' = 'prefix' as keyof typeof out
    const log2: string = out.dist.log
    //! Property 'count' does not exist
    log(`${only} ${log2} ${out.count}`)
    //! Property 'missing' does not exist
    log(input.missing)
    return { prefix: out.prefix, dist: { log: '/build/log' }, count: stdout.length }
  },
})
//! Type '\{ n: string; \}' is not assignable to type '\{ n: number; \}'|Type 'string' is not assignable to type 'number'
defineStep({ name: 'x', output, run: () => ({ n: 'x' }) })
//! Type '\{ n: string; \}' is not assignable to type '\{ n: number; \}'|Type 'string' is not assignable to type 'number'
defineStep({ name: 'x', output, run: async () => ({ n: 'x' }) })

// exactly one body
//! Argument of type
defineStep({ name: 'x', output })
//! Argument of type
defineStep({ name: 'x', output, run: () => ({ n: 1 }), script: 'true' })

// unknown and wrong keys
//! 'outputs' does not exist in type
defineStep({ name: 'x', output, outputs: 1, run: () => ({ n: 1 }) })
//! 'scripts' does not exist in type
defineStep({ name: 'x', output, script: 'true', scripts: 1 })
//! Type '"keep"' is not assignable to type
defineStep({ name: 'x', output, mode: 'keep', script: 'true' })
//! Type 'string' is not assignable to type 'ToolValue'
defineStep({ name: 'x', output, tools: ['make'], script: 'true' })
//! Type '"python"' is not assignable to type '"node" | "quickjs"'
defineStep({ name: 'x', output, interpreter: 'python', run: () => ({ n: 1 }) })
//! Type '"quickjs"' is not assignable to type 'undefined'|Argument of type
defineStep({ name: 'x', output, interpreter: 'quickjs', script: 'true' })
// one context for both interpreters
defineStep({
  name: 'x',
  output,
  interpreter: 'quickjs',
  run({ files, ...context }) {
    const names: readonly string[] = files.list('/build')
    //! Property 'readBytes' does not exist on type 'Files'
    files.readBytes('x')
    //! Property 'process' does not exist on type
    log(context.process)
    return { n: names.length }
  },
})
declare function log(value: unknown): void
//! Type '"copy"' is not assignable to type
defineStep({ name: 'x', output, host: 'copy' })

// network is allowed for a known output alone
//! Property 'fixedOutput' is missing in type .* but required in type 'NetworkNeedsFixedOutput
defineStep({ name: 'x', output, network: true, run: () => ({ n: 1 }) })
defineStep({
  name: 'x',
  params: z.object({ hash: z.string() }),
  output: z.object({ file: file() }),
  network: true,
  fixedOutput: ({ hash }) => ({ hash }),
  run: ({ out }) => ({ file: out.file }),
})
//! Type 'false' is not assignable to type 'true'
defineStep({ name: 'x', output, network: false, run: () => ({ n: 1 }) })

// params
make()
make({})
make({ jobs: 2, flags: [`--with-zlib=${hello.output.prefix}`], zlib: hello.output.prefix })
//! Type 'string' is not assignable to type 'number \| Ref<
make({ jobs: 'x' })
//! Type 'number' is not assignable to type 'string \| Ref<string>'
make({ flags: ['a', 3] })
//! 'job' does not exist in type .* Did you mean to write 'jobs'
make({ job: 2 })
//! 'levels' does not exist in type
make({ nested: { deep: { level: 1, levels: 2 } } })
//! Type 'string' is not assignable to type 'number \| Ref<number>'
make({ nested: { deep: { level: 'x' } } })
//! Expected 1 arguments, but got 0
fetch()
//! Property 'url' is missing in type '\{\}'
fetch({})
//! "✗ 'unpack' takes no params"
unpack({ strip: 1 })

// references of the wrong type, plain text for an artifact
//! Type 'Ref<Tree>' is not assignable to type '.*Ref<File>
patch({ patches: [hello.output.prefix] })
//! Type 'string' is not assignable to type '.*Ref<File>
patch({ patches: ['./a.patch'] })
//! Property 'bin' does not exist
make({ zlib: hello.output.bin })
//! Type 'Ref<File>' is not assignable to type
make({ zlib: fetch({ url: 'a' }).output.file })

// names and values are what they seem
export const name: 'make' = make().name
export const renamed: 'make-2' = make().as('make-2').name
//! Cannot assign to 'name' because it is a read-only property
hello.name = 'hello'
export const needle = (t: Tree): string => t
