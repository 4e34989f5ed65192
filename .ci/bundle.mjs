// bundle.mjs — makes dist/: the command as one CommonJS file, the library entries as modules with their types.
import { build } from 'esbuild'
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
process.chdir(root)
const staging = 'dist.next' // takes the place of dist when all of it is made
rmSync(staging, { recursive: true, force: true })
mkdirSync(staging)

// dsl and stdlib-steps stay one file per module: step bodies are sliced from them, and users import few of them.
const config = join(staging, 'tsconfig.json')
writeFileSync(
  config,
  JSON.stringify({
    extends: '../tsconfig.json',
    compilerOptions: {
      noEmit: false,
      declaration: true,
      outDir: '.',
      rootDir: '..',
      paths: { tenon: ['../dsl/index.ts'] },
    },
    include: ['../dsl', '../stdlib-steps'],
  }),
)
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', config], { stdio: 'inherit' })
rmSync(config)
// The types of the programmatic entry; its code is bundled below.
execFileSync(
  process.execPath,
  [
    'node_modules/typescript/bin/tsc',
    '--emitDeclarationOnly',
    '--declaration',
    '--noEmit',
    'false',
    '--outDir',
    staging,
    '--rootDir',
    '.',
    '--ignoreConfig',
    '--target',
    'es2024',
    '--module',
    'nodenext',
    '--strict',
    '--skipLibCheck',
    '--exactOptionalPropertyTypes',
    '--types',
    'node',
    '--allowImportingTsExtensions',
    '--rewriteRelativeImportExtensions',
    'runtime/index.ts',
  ],
  { stdio: 'inherit' },
)

const shared = {
  bundle: true,
  platform: 'node',
  // Loaded lazily, from their own packages: two are large, one is a native program.
  external: ['ts-morph', 'typescript', 'esbuild'],
  logLevel: 'warning',
  legalComments: 'none',
}
// What runs inside of a node step, as one file of text.
const runner = await build({
  ...shared,
  entryPoints: ['runtime/sandbox/interpreter/node-runner.ts'],
  write: false,
  format: 'cjs',
  target: 'node22',
  minify: true,
})
const quickjsRunner = await build({
  ...shared,
  platform: 'neutral',
  entryPoints: ['runtime/sandbox/quickjs/runner.ts'],
  write: false,
  format: 'esm',
  target: 'es2020',
  minify: true,
})
const constants = {
  TENON_NODE_RUNNER: JSON.stringify(runner.outputFiles[0].text),
  TENON_QUICKJS_RUNNER: JSON.stringify(quickjsRunner.outputFiles[0].text),
}

const tooOld = `
var tenonNode = process.versions.node.split('.').map(Number);
if (tenonNode[0] < 22 || (tenonNode[0] === 22 && tenonNode[1] < 18)) {
  console.error('tenon needs Node 22.18 or newer; this is Node ' + process.versions.node + '. In a project that depends on tenon and node, run: npx tenon');
  process.exit(2);
}`
// What Node parses first says whether it is too old; all else is in a file of its own.
await build({
  ...shared,
  entryPoints: ['runtime/cli/entry.ts'],
  outfile: join(staging, 'tenon.cjs'),
  format: 'cjs',
  target: 'node18', // syntax that a Node which is too old still parses, so that it can say so
  banner: { js: tooOld },
})
const asCommonJs = {
  ...shared,
  format: 'cjs',
  target: 'node22',
  banner: { js: "var tenonImportMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  define: {
    ...constants,
    'import.meta.url': 'tenonImportMetaUrl',
    'import.meta.filename': '__filename',
    'import.meta.dirname': '__dirname',
  },
  supported: { 'dynamic-import': true },
}
const programs = { 'tenon-main': 'runtime/cli/main.ts', 'tenon-planner': 'runtime/load/planner/main.ts' }
for (const [name, source] of Object.entries(programs))
  await build({ ...asCommonJs, entryPoints: [source], outfile: join(staging, `${name}.cjs`) })
await build({
  ...shared,
  entryPoints: ['runtime/index.ts'],
  outfile: join(staging, 'runtime.js'),
  format: 'esm',
  target: 'node22',
  define: constants,
  banner: {
    js: "import { createRequire as tenonCreateRequire } from 'node:module'; const require = tenonCreateRequire(import.meta.url);",
  },
})
cpSync('runtime/cli/tenon.sh', join(staging, 'tenon'))
chmodSync(join(staging, 'tenon'), 0o755)

// Without a compiler here these are compiled where they are first needed, or another sandbox is used; an unchanged build then starts Node.
const sandbox = 'runtime/sandbox'
cpSync(join(sandbox, 'supervisor/room.h'), join(staging, 'room.h'))
for (const [source, program, ...options] of [
  ['supervisor/supervisor.c', 'tenon-supervisor', '-static'],
  ['supervisor/zygote.c', 'tenon-zygote.so', '-shared', '-fPIC'],
  ['rung/confine.c', 'tenon-confine', '-static'],
]) {
  cpSync(join(sandbox, source), join(staging, basename(source)))
  compile(join(sandbox, source), program, options)
}
compile('runtime/unchanged/unchanged.c', 'tenon-unchanged', ['-static'])

/** Where the static C library is missing a program is linked as usual. */
function compile(source, program, options) {
  const by = (...all) =>
    spawnSync('cc', ['-std=gnu11', '-O2', ...all, '-o', join(staging, program), source]).status === 0
  return by(...options) || (options.includes('-static') && by())
}

rmSync('dist', { recursive: true, force: true })
renameSync(staging, 'dist')
