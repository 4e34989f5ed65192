// program.ts — which program the supervisor is. Finding and compiling it is compiled-program.ts's.
import { join } from 'node:path'
import { findProgram, type FoundProgram, requireProgramFile } from '../rung/compiled-program.ts'

const PROGRAM = {
  built: join(import.meta.dirname, 'tenon-supervisor'),
  source: join(import.meta.dirname, 'supervisor.c'),
}

export function supervisorProgram(home: string): FoundProgram {
  return findProgram(PROGRAM, home)
}

/** @throws CodedError TN3002 */
export function requireProgram(home: string): string {
  return requireProgramFile(supervisorProgram(home), 'the supervisor of steps')
}
