// full-disk.ts — a step that failed for lack of room says so, and where, whatever its program made of it.
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { noRoom, noRoomNow } from '../store/files/full-file-system.ts'

/** Endings of the step's process, which a full disk may be behind. */
const PROCESS_ENDED = new Set(['TN3001', 'TN3701', 'TN3702', 'TN3705'])

/** To be asked before the step's files are removed. */
export function orFullDisk(thrown: unknown, home: string): unknown {
  const refused = noRoom(thrown, home)
  if (refused !== undefined) return refused
  if (!(thrown instanceof CodedError) || !PROCESS_ENDED.has(thrown.code)) return thrown
  return noRoomNow(home, thrown) ?? thrown
}
