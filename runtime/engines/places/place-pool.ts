// place-pool.ts — places for the steps of a build, each for one step at a time. What is in a place is reused-place.ts's.
import { mkdirSync } from 'node:fs'
import { hasOwnRoot } from '../../sandbox/rung/rung.ts'
import type { Rung } from '../../sandbox/rungs.ts'
import { memoryOver } from '../../sandbox/supervisor/supervised-step.ts'
import type { Store } from '../../store/store.ts'
import { mountPointIn, ReusedPlace } from './reused-place.ts'

/** Of what Tenon writes for a step, and of the step's answer. What else a step writes is on the disk. */
export type Medium = 'memory' | 'disk'

const MOST_BYTES = 128 * 2 ** 20 // twice the longest answer
const LEAST_SHARE = 32

export class PlacePool {
  readonly #store: Store
  #memoryBytes: number | undefined
  readonly #ready: ReusedPlace[] = []
  readonly #used: ReusedPlace[] = []

  /** `memoryBytes`: so much for one place; 0: none. */
  constructor(store: Store, memoryBytes?: number) {
    this.#store = store
    this.#memoryBytes = memoryBytes
  }

  /** Memory is the supervisor's to give: without it, and where it does not work, the place is on the disk. */
  async take(rung: Rung, wanted: Medium): Promise<ReusedPlace> {
    this.#memoryBytes ??= Math.floor(Math.min(MOST_BYTES, process.availableMemory() / LEAST_SHARE))
    const inMemory = wanted === 'memory' && rung === 'supervisor' && this.#memoryBytes > 0
    const found = this.#ready.findIndex((place) => place.isInMemory === inMemory && place.isUsable)
    const [ready] = found === -1 ? [] : this.#ready.splice(found, 1)
    if (ready !== undefined) return ready
    const scratch = this.#store.scratch('step')
    return new ReusedPlace(scratch, inMemory ? await this.#memoryAt(scratch.directory) : undefined)
  }

  async #memoryAt(directory: string): Promise<string | undefined> {
    const mountPoint = mountPointIn(directory)
    mkdirSync(mountPoint)
    const memory = await memoryOver(this.#store.home, mountPoint, this.#memoryBytes ?? 0)
    if (memory === undefined) this.avoidMemory()
    return memory
  }

  avoidMemory(): void {
    this.#memoryBytes = 0
  }

  /** It is cleaned while the next step runs. */
  release(place: ReusedPlace, rung: Rung): void {
    // Without namespaces a process may get away, and still write to its step's place.
    if (!hasOwnRoot(rung)) return place.remove()
    this.#used.push(place)
    if (this.#used.length === 1) setImmediate(() => this.#clean())
  }

  /** Before the build ends: nothing is left but places that are in use. */
  close(): void {
    for (const place of [...this.#ready.splice(0), ...this.#used.splice(0)]) place.remove()
  }

  #clean(): void {
    for (const place of this.#used.splice(0)) {
      try {
        place.clean()
        this.#ready.push(place)
      } catch {
        place.remove() // it was kept, its memory is gone with the supervisor, or the file system is full
      }
    }
  }
}
