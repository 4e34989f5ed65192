// overlays.ts — whether steps can be given overlays on a home's file system, found by mounting one.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { makeRoot, wholeMounts } from '../host/root.ts'
import { BUILD_DIRECTORY } from '../rung/rung.ts'
import { requireProgram } from './program.ts'
import { Supervisor } from './supervisor.ts'

const known = new Map<string, Promise<boolean>>()

/** Asked once per process: another boot or mount may answer otherwise. */
export function overlaysWork(home: string): Promise<boolean> {
  const asked = known.get(home) ?? tryOverlay(home)
  known.set(home, asked)
  return asked
}

async function tryOverlay(home: string): Promise<boolean> {
  mkdirSync(join(home, 'tmp'), { recursive: true })
  const directory = mkdtempSync(join(home, 'tmp', 'overlay-'))
  const at = (name: string): string => join(directory, name)
  for (const name of ['root', 'lower', 'lower/gone', 'upper', 'work']) mkdirSync(at(name))
  makeRoot(at('root'))
  const supervisor = new Supervisor(requireProgram(home), 'steps')
  const kind = {
    root: at('root'),
    mounts: wholeMounts(),
    network: false,
    directory: BUILD_DIRECTORY,
    environment: {},
    // A folder in the place of a deleted one has to be marked, by an extended attribute that not all file systems can hold.
    command: ['/bin/sh', '-c', '/bin/rmdir gone && /bin/mkdir gone && : >made'],
  }
  const start = {
    kind,
    timeoutMs: 30_000,
    overlays: [
      {
        path: BUILD_DIRECTORY,
        lowers: [at('lower')],
        upper: at('upper'),
        work: at('work'),
        opaque: at('opaque'),
        find: () => undefined,
        take: () => undefined,
      },
    ],
  }
  try {
    const { code } = await supervisor.start(start, () => undefined).ended
    return code === 0 && existsSync(at('upper/made')) && readFileSync(at('opaque'), 'utf8') === '/gone\0'
  } catch {
    return false
  } finally {
    supervisor.close()
    openUp(at('work'))
    rmSync(directory, { recursive: true, force: true })
  }
}

/** The folders that the kernel made for itself are closed, to their owner too. */
function openUp(folder: string): void {
  chmodSync(folder, 0o700)
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) openUp(join(folder, entry.name))
}
