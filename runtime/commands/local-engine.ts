// local-engine.ts — makes the local engine of one build from the user's choices.
import type { Loaded } from '../load/load.ts'
import type { Engine } from '../engines/engine.ts'
import { BuildObjects } from '../engines/objects.ts'
import { PlacePool } from '../engines/places/place-pool.ts'
import { addToLock } from '../fetch/lock-file.ts'
import type { Mirror } from '../fetch/mirror.ts'
import type { BuildEvent } from '../report/event.ts'
import { chooseRung } from '../sandbox/choose-rung.ts'
import type { Rung } from '../sandbox/rungs.ts'
import { Store } from '../store/store.ts'

export interface EngineOptions {
  readonly home: string
  readonly mirrors: readonly Mirror[]
  readonly offline: boolean
  readonly keepFailed: boolean
  /** Run again what is needed, though results of it are stored. */
  readonly force: boolean
  readonly rung: Rung | 'auto'
  readonly signal: AbortSignal
  readonly onEvent: (event: BuildEvent) => void
}

const MAX_LOG_BYTES = 256 * 1024 * 1024

/** Until `keeps` says otherwise, the store keeps every step's work trees. */
export function localEngine(loaded: Loaded, options: EngineOptions, relock = false): Engine {
  const store = Store.open(options.home)
  let processes = 0
  let chosen: Promise<Rung> | null = null
  return {
    plan: loaded.plan,
    store,
    objects: new BuildObjects(store),
    places: new PlacePool(store),
    keeps: () => true,
    toCome: () => 0,
    making: new Map(),
    views: new Map(),
    hostFiles: new Set(),
    projectRoot: loaded.projectRoot,
    mirrors: options.mirrors,
    offline: options.offline,
    keepFailed: options.keepFailed,
    signal: options.signal,
    onEvent: options.onEvent,
    maxLogBytes: MAX_LOG_BYTES,
    isForced: () => options.force,
    realisations: new Map(),
    keys: new Map(),
    rung: () => (chosen ??= announceRung(options)),
    lock: async (lockKey, hash) => {
      await addToLock(loaded.projectRoot, { [lockKey]: hash }, { replace: relock })
    },
    onProcess: () => void processes++,
    processes: () => processes,
  }
}

async function announceRung({ home, rung, onEvent }: EngineOptions): Promise<Rung> {
  const choice = await chooseRung(home, rung)
  onEvent({ kind: 'sandbox', rung: choice.rung, weakerBecause: choice.weakerBecause })
  return choice.rung
}
