// notes.ts — a file in which a process says what it is about, for others to read while it lives. What it says: pins.ts, claims.ts.
import { closeSync, openSync, readdirSync, rmSync } from 'node:fs'
import { freshPath } from './scratch.ts'

export interface Notes {
  readonly file: string
  readonly descriptor: number // for writing
  readonly close: () => void
}

const open = new Set<Notes>()

/** Removed by `close`, or when this process ends. `label` has no dot. */
export function openNotes(tmp: string, label: string): Notes {
  const file = freshPath(tmp, label)
  if (open.size === 0) process.off('exit', closeAll).prependListener('exit', closeAll) // before the folder goes
  const descriptor = openSync(file, 'wx')
  const notes: Notes = {
    file,
    descriptor,
    close: () => {
      rmSync(file, { force: true })
      closeSync(descriptor)
      open.delete(notes)
    },
  }
  open.add(notes)
  return notes
}

function closeAll(): void {
  for (const { close } of open) close()
}

export interface NotesFile {
  readonly process: string // as process-name.ts has it
  readonly file: string
}

/** Those of all processes, ended ones too. @throws ErrnoException when they can't be listed */
export function notesFiles(tmp: string, label: string): readonly NotesFile[] {
  return readdirSync(tmp).flatMap((process) =>
    (unlessGone(() => readdirSync(`${tmp}/${process}`)) ?? [])
      .filter((name) => name.startsWith(`${label}.`))
      .map((name) => ({ process, file: `${tmp}/${process}/${name}` })),
  )
}

export function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException // Node's file system calls throw no other
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}
