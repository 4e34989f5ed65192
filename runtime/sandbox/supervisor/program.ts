// program.ts — which programs the supervisor and its zygotes' library are. Finding and compiling them is compiled-program.ts's.
import { join } from 'node:path'
import { findProgram, type FoundProgram, requireProgramFile } from '../rung/compiled-program.ts'

const room = join(import.meta.dirname, 'room.h')
const PROGRAM = {
  built: join(import.meta.dirname, 'tenon-supervisor'),
  source: join(import.meta.dirname, 'supervisor.c'),
  included: [room],
}
const LIBRARY = {
  built: join(import.meta.dirname, 'tenon-zygote.so'),
  source: join(import.meta.dirname, 'zygote.c'),
  included: [room],
  isLibrary: true,
}

export function supervisorProgram(home: string): FoundProgram {
  return findProgram(PROGRAM, home)
}

/** @throws CodedError TN3002 */
export function requireProgram(home: string): string {
  return requireProgramFile(supervisorProgram(home), 'the supervisor of steps')
}

/** undefined: it does not compile here, and each step starts its interpreter. */
export function zygoteLibrary(home: string): string | undefined {
  const found = findProgram(LIBRARY, home)
  return found.kind === 'found' ? found.file : undefined
}
