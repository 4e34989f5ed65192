// rung.ts — the rungs of isolation and what each is asked to do. How is each rung's own file.

/** From strongest to weakest; see docs/design/sandbox.md. */
export const RUNGS = ['supervisor', 'bubblewrap', 'unshare', 'landlock', 'plain'] as const
export type Rung = (typeof RUNGS)[number]

/** Without a root of its own a step is told the machine's paths, and what it makes may show them. */
export function hasOwnRoot(rung: Rung): boolean {
  return rung !== 'landlock' && rung !== 'plain'
}

export const STEP_UID = 1000
export const STEP_GID = 100
export const HOST_NAME = 'tenon'
export const BUILD_DIRECTORY = '/build'

export interface Mount {
  readonly source: string // physical
  readonly target: string // as the step sees it; a file or folder of the same kind must be there
  readonly access: 'read-only' | 'writable' | 'device'
}

/** A root file system of its own: `root` read-only with `mounts` over it, in order, and a fresh /proc and /dev/shm. */
export interface Isolation {
  readonly root: string
  readonly mounts: readonly Mount[]
  readonly network: boolean
  /** A physical folder for what the rung itself has to write, perhaps used before; `staging` in it is the root's mount point. */
  readonly control: string
}

/** A command line of the host that runs a command inside. */
export interface HostCommand {
  readonly file: string
  readonly args: readonly string[]
}
