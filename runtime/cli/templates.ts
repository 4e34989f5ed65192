// templates.ts — what `tenon init` writes: small projects that build as they are.

export type Template = 'quickstart' | 'c'

/** File → text. `name` is an npm name and a chain name. */
export function templateFiles(template: Template, name: string): Readonly<Record<string, string>> {
  return { ...(template === 'c' ? cFiles(name) : quickstartFiles(name)), 'tsconfig.json': TSCONFIG }
}

const TSCONFIG = `{
  "compilerOptions": {
    "target": "ES2024",
    "lib": ["ES2024"],
    "module": "NodeNext",
    "moduleResolution": "NodeNext",
    "types": ["node"],
    "allowImportingTsExtensions": true,
    "strict": true,
    "noEmit": true,
    "skipLibCheck": true
  },
  "include": ["*.ts"]
}
`

function quickstartFiles(name: string): Readonly<Record<string, string>> {
  const build = text(`
    | // build.ts — what \`tenon build\` makes: an archive of src/ with a manifest in it.
    | import { readdirSync, writeFileSync } from 'node:fs'
    | import { chain, defineStep, workTree } from 'tenon'
    | import { localSource, packTar } from 'tenon/steps'
    | import { z } from 'zod'
    |
    | const version = '0.1.0'
    |
    | /** A step of one's own: typed in, typed out, typed parameters. Its body runs in a process of its own, isolated. */
    | const writeManifest = defineStep({
    |   name: 'write-manifest',
    |   params: z.object({ version: z.string() }),
    |   input: z.object({ src: workTree() }),
    |   output: z.object({ src: workTree() }),
    |   run({ input, params, log }) {
    |     const files = readdirSync(input.src).toSorted()
    |     writeFileSync(\`\${input.src}/manifest.json\`, JSON.stringify({ version: params.version, files }, null, 2))
    |     log(\`\${files.length} files in the manifest\`)
    |     return { src: input.src }
    |   },
    | })
    |
    | export default chain(
    |   '${name}',
    |   localSource({ root: 'src' }),
    |   writeManifest({ version }),
    |   packTar({ name: \`${name}-\${version}\` }),
    | )
  `)
  return { 'build.ts': build, 'src/hello.txt': 'Hello from Tenon.\n' }
}

function cFiles(name: string): Readonly<Record<string, string>> {
  const build = text(`
    | // build.ts — what \`tenon build\` makes: a program, compiled with the cc of this machine. \`tenon run\` runs it.
    | import { mkdirSync } from 'node:fs'
    | import { chain, defineStep, hostTools, tree, workTree } from 'tenon'
    | import { localSource } from 'tenon/steps'
    | import { z } from 'zod'
    |
    | /** A step sees no tools but those it names; the packages behind them count for whether it runs again. */
    | const compile = defineStep({
    |   name: 'compile',
    |   params: z.object({ flags: z.array(z.string()).default(['-O2', '-Wall']) }),
    |   input: z.object({ src: workTree() }),
    |   output: z.object({ prefix: tree() }),
    |   tools: [hostTools('cc')],
    |   async run({ input, params, out, $ }) {
    |     mkdirSync(\`\${out.prefix}/bin\`, { recursive: true })
    |     await $.in(input.src)\`cc \${params.flags} -o \${\`\${out.prefix}/bin/${name}\`} main.c\`
    |     return { prefix: out.prefix }
    |   },
    | })
    |
    | export default chain('${name}', localSource({ root: 'src' }), compile({}))
  `)
  const main = text(`
    | #include <stdio.h>
    |
    | int main(int argc, char **argv) {
    |   printf("Hello, %s!\\n", argc > 1 ? argv[1] : "world");
    |   return 0;
    | }
  `)
  return { 'build.ts': build, 'src/main.c': main }
}

/** The lines after the margin: here they may look like nothing that this file itself imports. */
function text(lines: string): string {
  return lines
    .replaceAll(/^ *\| ?/gm, '')
    .replace(/^\n/, '')
    .replace(/ *$/, '')
}
