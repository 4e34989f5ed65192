// update.ts — tenon update: new hashes into tenon.lock, old and new printed.
import { updateLock, type LockChange } from '../../commands/update.ts'
import type { Context } from '../context.ts'
import { withBuildOptions } from '../realise.ts'

export async function updateCommand(context: Context): Promise<number> {
  const { changed } = await withBuildOptions(context, updateLock)
  context.stdout(changed.length === 0 ? 'tenon.lock is up to date\n' : changed.map(changeText).join(''))
  return 0
}

function changeText({ key, before, after }: LockChange): string {
  return before === null ? `${key}: ${after}\n` : `${key}: ${before} → ${after}\n`
}
