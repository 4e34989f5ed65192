// place-pool.ts — places for the steps of a build, each for one step at a time. What is in a place is reused-place.ts's.
import { hasOwnRoot } from '../../sandbox/rung/rung.ts'
import type { Rung } from '../../sandbox/rungs.ts'
import type { Scratch } from '../../store/store.ts'
import { ReusedPlace } from './reused-place.ts'

export class PlacePool {
  readonly #makeScratch: () => Scratch
  readonly #ready: ReusedPlace[] = []
  readonly #used: ReusedPlace[] = []

  constructor(makeScratch: () => Scratch) {
    this.#makeScratch = makeScratch
  }

  take(): ReusedPlace {
    return this.#ready.pop() ?? new ReusedPlace(this.#makeScratch())
  }

  /** It is cleaned while the next step runs. */
  release(place: ReusedPlace, rung: Rung): void {
    if (place.isKept) return
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
        // Not used again: the file system is full, or what the step left can't be removed. The scratch of this process is swept later.
      }
    }
  }
}
