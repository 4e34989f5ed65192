// submodules.test.ts — options that hold any number of submodules, and packages in several versions.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import {
  defineModule,
  definePackage,
  evalModules,
  flag,
  mkDefault,
  mkForce,
  mkIf,
  option,
  submodules,
  versions,
  type AnyModule,
} from '../../../dsl/index.ts'
import { fetch, plan, stepOf } from '../steps.ts'

const program = defineModule({
  options: {
    main: option(z.string(), { description: 'Its main file' }),
    out: option(z.string(), { description: 'Where it goes' }),
    flags: option(z.array(z.string()), { description: 'For the compiler', default: [] }),
  },
  config: ({ config, name }) => ({ out: mkDefault(() => `${name} of ${config.main}`) }),
})
const programs = defineModule({
  options: {
    debug: flag('With symbols'),
    programs: submodules(program, { description: 'What is compiled' }),
  },
  config: ({ config }) => ({
    programs: { b: { main: 'b.c', flags: mkIf(() => config.debug, ['-g']) }, a: { main: 'a.c' } },
  }),
})
/** As JavaScript would call it. */
const untyped = defineModule as unknown as (definition: unknown) => AnyModule // what is tested is the untyped call

test('each submodule has options of its own, by name', () => {
  const { config } = evalModules([programs])
  assert.deepEqual(Object.keys(config.programs), ['a', 'b'])
  assert.equal(config.programs['a']?.out, 'a of a.c')
  assert.deepEqual(config.programs['b']?.flags, [])
})

test('definitions of several modules come together, with their weights', () => {
  const more = defineModule({
    imports: [programs],
    config: {
      debug: true,
      programs: { b: { out: mkForce('elsewhere'), flags: ['-x'] }, c: { main: 'c.c' } },
    },
  })
  const { config } = evalModules([more])
  assert.deepEqual(Object.keys(config.programs), ['a', 'b', 'c'])
  assert.deepEqual([config.programs['b']?.out, config.programs['b']?.flags], ['elsewhere', ['-g', '-x']])
})

test('mistakes within a submodule have its name in their path', () => {
  const within = (value: unknown) =>
    evalModules([programs, untyped({ imports: [programs], config: { programs: { a: value } } })]).config
      .programs['a']
  assert.throws(() => within({ main: 'other.c' })?.main, {
    code: 'TN1502',
    message: "the option 'programs.a.main' is set to different values",
  })
  assert.throws(() => within({ mian: 'x' })?.main, {
    code: 'TN1501',
    message: "there is no option 'programs.a.mian'",
  })
  assert.throws(() => within('x')?.main, { code: 'TN1515' })
  const missing = evalModules([
    programs,
    untyped({ imports: [programs], config: { programs: { z: {} } } }),
  ]).config
  assert.throws(() => missing.programs['z']?.main, {
    code: 'TN1504',
    message: "the option 'programs.z.main' is needed, and nothing sets it",
  })
})

test('a submodule that depends on itself is refused with the path', () => {
  const circle = defineModule({
    imports: [programs],
    config: ({ config }) => ({
      programs: {
        x: { main: () => config.programs['y']?.main ?? '' },
        y: { main: () => config.programs['x']?.main ?? '' },
      },
    }),
  })
  assert.throws(() => evalModules([circle]).config.programs['x']?.main, {
    code: 'TN1505',
    message:
      "the option 'programs.x.main' depends on itself: programs.x.main → programs.y.main → programs.x.main",
  })
})

const zlib = definePackage('zlib', {
  options: {
    version: option(z.string(), { description: 'Released version' }),
    mirror: option(z.string(), { description: 'Where from', default: 'https://x' }),
  },
  steps: ({ config }) => ({ fetch: fetch({ url: `${config.mirror}/zlib-${config.version}` }) }),
})
const group = versions(zlib, { '1.2': { version: '1.2.13' }, '1.3': { version: '1.3.1' } }, '1.3')
const keyOf = (value: unknown) => stepOf(value, 'fetch').fixedOutput?.lockKey

test('versions of a package exist side by side', () => {
  assert.deepEqual([group.versions['1.2'], group.versions['1.3'], group.default].map(keyOf), [
    'https://x/zlib-1.2.13',
    'https://x/zlib-1.3.1',
    'https://x/zlib-1.3.1',
  ])
  assert.equal(plan({ old: group.versions['1.2'], new: group.versions['1.3'] }).steps.length, 2)
})

test('an extension of all versions may hit one of them', () => {
  const moved = group.extend({
    config: ({ config }) => ({ mirror: mkIf(() => config.version.startsWith('1.2.'), 'https://old') }),
  })
  assert.deepEqual([moved.versions['1.2'], moved.versions['1.3'], group.versions['1.2']].map(keyOf), [
    'https://old/zlib-1.2.13',
    'https://x/zlib-1.3.1',
    'https://x/zlib-1.2.13',
  ])
})

test('a default that is no version is refused', () => {
  assert.throws(() => versions(zlib, { '1.2': { version: '1.2.13' } }, '1.4' as '1.2'), { code: 'TN1514' })
})
