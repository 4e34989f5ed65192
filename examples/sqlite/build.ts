// build.ts — two packages: SQLite as a shared library, and a program of ours that links it.
import { chain } from 'tenon'
import { fetchNpm, localSource, runProgram, unpack } from 'tenon/steps'
import { linkProgram } from './steps/link-program.ts'
import { sharedLibrary } from './steps/shared-library.ts'

/** The npm package carries SQLite's sources as one file; its own build is left alone. The lock holds its integrity. */
export const sqlite = chain(
  'sqlite',
  fetchNpm({ name: 'better-sqlite3', version: '12.11.1' }),
  unpack(),
  sharedLibrary({
    name: 'sqlite3',
    source: 'deps/sqlite3/sqlite3.c',
    headers: ['deps/sqlite3/sqlite3.h', 'deps/sqlite3/sqlite3ext.h'],
    flags: ['-O2', '-DSQLITE_DQS=0', '-DSQLITE_ENABLE_FTS5', '-DSQLITE_ENABLE_MATH_FUNCTIONS'],
    libraries: ['m', 'pthread', 'dl'],
  }),
)

export default chain(
  'rivers',
  localSource({ root: './program' }),
  linkProgram({
    name: 'rivers',
    source: 'rivers.c',
    library: { name: 'sqlite3', prefix: sqlite.output.prefix },
  }),
  runProgram({
    program: 'bin/rivers',
    expectStdout: [
      'SQLite 3.53.2',
      'Africa | Nile | 6650',
      'South America | Amazon | 6400',
      'Asia | Yangtze | 6300',
      'Europe | Volga | 3530',
    ].join('\n'),
  }).as('run'),
)
