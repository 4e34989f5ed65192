// reused-place.ts — a place for one step after the other: what a step changed is taken away, the rest stays. Runs nothing.
import {
  type BigIntStats,
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  renameSync,
  statfsSync,
} from 'node:fs'
import { join } from 'node:path'
import { makeStepPlace } from '../../sandbox/step/place.ts'
import type { StepPlace } from '../../sandbox/step/spec.ts'
import { removeEntries, removeTree } from '../../store/files/remove-tree.ts'
import type { Scratch } from '../../store/store.ts'

/** The share of the memory from which on a step can have what it needs. */
const ENOUGH_LEFT = 3 / 4

/** Of memory. */
export function mountPointIn(directory: string): string {
  return join(directory, 'memory')
}

export class ReusedPlace {
  readonly place: StepPlace
  /** Where copies of work trees go, on the disk. Made by who needs it, together with all that is in it. */
  readonly work: string
  readonly #scratch: Scratch
  /** Where what Tenon itself writes is in memory. */
  readonly #memory: string | undefined
  /** What a folder was like when it was made. */
  readonly #made = new Map<string, BigIntStats>()
  readonly #noticesChanges: boolean
  #isKept = false
  #memoryLeft = 1 // of 1, once the last step had ended
  #asideCount = 0

  constructor(scratch: Scratch, memory?: string) {
    this.#scratch = scratch
    this.#memory = memory
    this.place = makeStepPlace(scratch.directory, memory)
    this.work = join(scratch.directory, 'work')
    this.#noticesChanges = noticesChanges(scratch.directory)
    for (const folder of this.#onDisk()) this.#made.set(folder, statOf(folder))
  }

  get directory(): string {
    return this.#scratch.directory
  }

  get isInMemory(): boolean {
    return this.#memory !== undefined
  }

  /** Memory is gone when the supervisor is, which made it. */
  get isUsable(): boolean {
    return !this.#isKept && (this.#memory === undefined || existsSync(this.place.step))
  }

  /** Something that was to be written may be missing. */
  get isFull(): boolean {
    if (this.#memory === undefined || this.#isKept) return false
    try {
      const { blocks, bfree, files, ffree } = statfsSync(this.#memory)
      this.#memoryLeft = Math.min(bfree / blocks, ffree / files)
      return this.#memoryLeft < 1 / 8
    } catch {
      return false // gone with the supervisor
    }
  }

  /** Once nothing of the step runs any more. */
  clean(): void {
    const changed = this.#onDisk().filter((folder) => this.#isChanged(folder))
    this.place.mountPoints.takeBack()
    if (existsSync(this.work)) removeTree(this.work)
    changed.forEach((folder) => this.#empty(folder))
    if (this.#memory === undefined) return this.#makeAnew(this.place.step)
    this.#putAside(this.place.step, join(this.#memory, 'aside'))
  }

  /** It is no place any more then. Gives the path at which all of it stays. */
  keep(name: string): string {
    this.#isKept = true
    if (this.#memory !== undefined) {
      copyWhatCanBe(this.place.step, join(this.directory, 'step'))
      removeTree(mountPointIn(this.directory))
    }
    return this.#scratch.keep(name)
  }

  remove(): void {
    this.#scratch.remove()
  }

  /** What is in memory goes with it; before, only when much of it is taken. */
  #putAside(folder: string, aside: string): void {
    if (this.#memoryLeft < ENOUGH_LEFT) removeTree(aside)
    if (this.#memoryLeft < ENOUGH_LEFT || this.#asideCount === 0) mkdirSync(aside)
    renameSync(folder, join(aside, String(++this.#asideCount)))
    mkdirSync(folder)
    this.#memoryLeft = 1
  }

  /** It stays when nothing but entries was left on it: on a disk, making one takes many times as long as looking at it. */
  #empty(folder: string): void {
    const made = this.#made.get(folder)
    if (
      made === undefined ||
      !this.place.hasNoMarks ||
      !isAlike(statOf(folder), made, ['mode', 'uid', 'gid'])
    )
      return this.#makeAnew(folder)
    removeEntries(folder)
    const now = statOf(folder)
    if (isAlike(now, made, ['size', 'nlink'])) this.#made.set(folder, now)
    else this.#makeAnew(folder)
  }

  #makeAnew(folder: string): void {
    removeTree(folder)
    mkdirSync(folder)
    this.#made.set(folder, statOf(folder))
  }

  #isChanged(folder: string): boolean {
    return !this.#noticesChanges || changedAt(folder) !== this.#made.get(folder)?.ctimeNs
  }

  #onDisk(): readonly string[] {
    const { build, tmp, store } = this.place
    return [build, tmp, store]
  }
}

/** A step may leave anything there; for whoever looks what went wrong, files and folders are enough. */
function copyWhatCanBe(source: string, destination: string): void {
  const filter = (path: string): boolean => {
    const stat = lstatSync(path)
    return stat.isFile() || stat.isDirectory()
  }
  try {
    cpSync(source, destination, { recursive: true, filter })
  } catch {
    // A name or a mode that a copy can't be made of.
  }
}

/** Of the folder itself or its list of names: mode, owner, access lists, attributes. Nobody can set it. */
function changedAt(folder: string): bigint {
  return statOf(folder).ctimeNs
}

function statOf(folder: string): BigIntStats {
  return lstatSync(folder, { bigint: true })
}

function isAlike(one: BigIntStats, other: BigIntStats, members: readonly (keyof BigIntStats)[]): boolean {
  return members.every((member) => one[member] === other[member])
}

/**
 * Whether two changes never get the same time, once somebody has asked for that of the first: not so before Linux 6.13, and on some
 * file systems. Without that a step could leave something on a folder that was made just before.
 */
export function noticesChanges(folder: string): boolean {
  return Array.from({ length: 8 }).every(() => {
    const before = changedAt(folder)
    chmodSync(folder, 0o755)
    return changedAt(folder) !== before
  })
}
