// reused-place.ts — a place for one step after the other: what a step changed is taken away, the rest stays. Runs nothing.
import { chmodSync, existsSync, lstatSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { makeStepPlace } from '../../sandbox/step/place.ts'
import type { StepPlace } from '../../sandbox/step/spec.ts'
import { removeTree } from '../../store/files/remove-tree.ts'
import type { Scratch } from '../../store/store.ts'

export class ReusedPlace {
  readonly place: StepPlace
  /** Where copies of work trees go, on the disk. Made by who needs it, together with all that is in it. */
  readonly work: string
  readonly #scratch: Scratch
  /** When a folder was made, by its own account. */
  readonly #madeAt = new Map<string, bigint>()
  readonly #noticesChanges: boolean
  #isKept = false

  constructor(scratch: Scratch) {
    this.#scratch = scratch
    this.place = makeStepPlace(scratch.directory)
    this.work = join(scratch.directory, 'work')
    this.#noticesChanges = noticesChanges(this.place.control)
    for (const folder of this.#ofTheStep()) this.#madeAt.set(folder, changedAt(folder))
  }

  /** Once nothing of the step runs any more. */
  clean(): void {
    const untouched = new Set(
      this.#noticesChanges
        ? this.#ofTheStep().filter((folder) => changedAt(folder) === this.#madeAt.get(folder))
        : [],
    )
    this.place.mountPoints.takeBack()
    if (existsSync(this.work)) removeTree(this.work)
    for (const folder of this.#ofTheStep()) if (!untouched.has(folder)) this.#makeAnew(folder)
  }

  get directory(): string {
    return this.#scratch.directory
  }

  /** It is no place any more then. Gives the path at which all of it stays. */
  keep(name: string): string {
    this.#isKept = true
    return this.#scratch.keep(name)
  }

  get isKept(): boolean {
    return this.#isKept
  }

  remove(): void {
    this.#scratch.remove()
  }

  #makeAnew(folder: string): void {
    removeTree(folder)
    mkdirSync(folder)
    this.#madeAt.set(folder, changedAt(folder))
  }

  #ofTheStep(): readonly string[] {
    const { build, tmp, store, step } = this.place
    return [build, tmp, store, step]
  }
}

/** Of the folder itself or its list of names: mode, owner, access lists, attributes. Nobody can set it. */
function changedAt(folder: string): bigint {
  return lstatSync(folder, { bigint: true }).ctimeNs
}

/**
 * Whether two changes never get the same time, once somebody has asked for that of the first: not so before Linux 6.13, and on some
 * file systems. Without that a step could leave something on a folder that was made just before.
 */
function noticesChanges(folder: string): boolean {
  return Array.from({ length: 8 }).every(() => {
    const before = changedAt(folder)
    chmodSync(folder, 0o755)
    return changedAt(folder) !== before
  })
}
