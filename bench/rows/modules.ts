// modules.ts — 1,000 modules of 20 options, each following from the one before it: reading one option, and all of them.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Row } from '../measure/bench.ts'
import { interleave, type Side } from '../measure/rounds.ts'
import { ratio } from '../measure/row.ts'
import { timed } from '../measure/timed-process.ts'
import { versionOf } from '../peers/installed.ts'

const MODULES = 1_000
const OPTIONS = 20
/** A folder with nixpkgs' lib: Debian has Nix without it. */
const NIXPKGS_LIB = process.env['TENON_BENCH_NIXPKGS_LIB']
type Read = 'one' | 'all'

const tenonProgram = (read: Read): string => `
import { z } from ${JSON.stringify(join(import.meta.dirname, '../../node_modules/zod/index.js'))}
import { defineModule, evalModules, mkDefault, option } from ${JSON.stringify(join(import.meta.dirname, '../../dist/dsl/index.js'))}
const text = z.string() // one type for all, as lib.types.str is
const options = Array.from({ length: ${OPTIONS} }, (_, j) => 'o' + j)
const modules = Array.from({ length: ${MODULES} }, (_, i) => defineModule({
  options: { ['m' + i]: Object.fromEntries(options.map((name) => [name, option(text, { description: 'Text', default: 'x' })])) },
  config: ({ config }) => ({ ['m' + i]: Object.fromEntries(options.map((name, j) =>
    [name, mkDefault(() => j === 0 ? 'first' : config['m' + i]['o' + (j - 1)] + '.')])) }),
}))
const { config } = evalModules(modules)
console.log(${read === 'one' ? 'config.m500.o0' : 'JSON.stringify(config).length'})
`

/** The same values from closures that remember their results: no names are checked, no types, no conflicts. */
const plainProgram = (read: Read): string => `
const once = (compute) => { let value; return () => (value ??= compute()) }
const config = {}
for (let i = 0; i < ${MODULES}; i++) {
  const module = config['m' + i] = {}
  for (let j = 0; j < ${OPTIONS}; j++) module['o' + j] = once(() => j === 0 ? 'first' : config['m' + i]['o' + (j - 1)]() + '.')
}
const whole = () => Object.fromEntries(Object.entries(config).map(([m, options]) =>
  [m, Object.fromEntries(Object.entries(options).map(([o, value]) => [o, value()]))]))
console.log(${read === 'one' ? 'config.m500.o0()' : 'JSON.stringify(whole()).length'})
`

const nixProgram = (read: Read, lib: string): string => `
let
  lib = import ${lib};
  range = n: builtins.genList (x: x) n;
  module = i: { config, ... }: {
    options."m\${toString i}" = builtins.listToAttrs (map (j: { name = "o\${toString j}"; value = lib.mkOption { type = lib.types.str; default = "x"; description = "Text"; }; }) (range ${OPTIONS}));
    config."m\${toString i}" = builtins.listToAttrs (map (j: { name = "o\${toString j}"; value = lib.mkDefault (if j == 0 then "first" else config."m\${toString i}"."o\${toString (j - 1)}" + "."); }) (range ${OPTIONS}));
  };
  evaluated = lib.evalModules { modules = map module (range ${MODULES}); };
in ${read === 'one' ? 'evaluated.config.m500.o0' : 'builtins.stringLength (builtins.toJSON (removeAttrs evaluated.config [ "_module" ]))'}
`

function inNode(label: string, file: string, text: string): Side {
  writeFileSync(file, text)
  const options = { cwd: import.meta.dirname, env: { PATH: process.env['PATH'] } }
  return { label, prepare: () => undefined, run: () => timed(process.execPath, [file], options).durationMs }
}

function inNix(label: string, directory: string, read: Read): Side {
  if (versionOf('nix-instantiate') === null) return { label, missing: 'nix-instantiate is not installed' }
  if (NIXPKGS_LIB === undefined || !existsSync(join(NIXPKGS_LIB, 'default.nix')))
    return { label, missing: "TENON_BENCH_NIXPKGS_LIB names no folder with nixpkgs' lib" }
  const file = join(directory, `${read}.nix`)
  writeFileSync(file, nixProgram(read, NIXPKGS_LIB))
  const options = { cwd: directory, env: { PATH: process.env['PATH'], HOME: directory } }
  const flags = ['--eval', '--strict', '--store', join(directory, 'store')]
  return {
    label,
    prepare: () => undefined,
    run: () => timed('nix-instantiate', [...flags, file], options).durationMs,
  }
}

export const modules: Row = {
  name: 'modules',
  title: '1,000 modules with 20 options each, evaluated in a process of its own',
  measure: ({ directory, rounds }) => {
    const sides = (['one', 'all'] as const).flatMap((read): readonly Side[] => [
      inNode(`tenon, ${read}`, join(directory, `tenon-${read}.mjs`), tenonProgram(read)),
      inNix(`evalModules of nixpkgs, ${read}`, directory, read),
      inNode(`closures, ${read}`, join(directory, `plain-${read}.mjs`), plainProgram(read)),
    ])
    const figures = interleave(sides, rounds(5), 1)
    const [one, nixOne, plainOne, all, nixAll, plainAll] = figures
    if (!one || !nixOne || !plainOne || !all || !nixAll || !plainAll) return { figures, claims: [] }
    const open = { better: 'lower', target: null } as const
    return {
      figures,
      claims: [
        ratio(one, nixOne, open),
        ratio(all, nixAll, open),
        ratio(one, plainOne, open),
        ratio(all, plainAll, open),
      ],
    }
  },
}
