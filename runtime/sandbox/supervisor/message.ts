// message.ts — what the driver and the supervisor say to each other, as bytes. docs/design/supervisor.md describes it.
import type { LayeredWorkTree } from '../step/spec.ts'
import { HOST_NAME, type Mount, STEP_GID, STEP_UID } from '../rung/rung.ts'

/** What a room for a step is made from. Rooms that wait are told apart by these words. */
export interface RoomKind {
  readonly root: string // physical
  /** In this order. */
  readonly mounts: readonly (Mount | MachineMount)[]
  readonly network: boolean
  readonly ids?: { readonly uid: number; readonly gid: number }
  readonly directory: string
  readonly environment: Readonly<Record<string, string>>
  /** The first word is the path of a program. */
  readonly command: readonly string[]
  /**
   * `stops`: the command is started before the step's own mounts are there, stops itself (SIGSTOP) and is continued when they are.
   * `copies`: so it is, and where it stops the process may be copied (zygote.c).
   */
  readonly readiness?: 'stops' | 'copies'
}

export interface StepStart {
  readonly kind: RoomKind
  /** After the mounts of the room. */
  readonly ownMounts?: readonly Mount[]
  /** After those. */
  readonly overlays?: readonly LayeredWorkTree[]
  /** 0: no limit. */
  readonly timeoutMs: number
}

/** As it is on the machine, with all that is mounted in it. */
export interface MachineMount {
  readonly source: string
  readonly target: string
  readonly access: 'machine'
}

const ACCESS: Readonly<Record<(Mount | MachineMount)['access'], string>> = {
  'read-only': 'r',
  writable: 'w',
  device: 'd',
  machine: 'm',
}

export function startMessage(id: number, start: StepStart): Buffer {
  const { timeoutMs, ownMounts = [], overlays = [] } = start
  const own = [
    ...ownMounts.flatMap(mountWords),
    ...overlays.flatMap(({ path, lowers, upper, work, opaque }) => [
      'overlay',
      path,
      upper,
      work,
      opaque,
      String(lowers.length),
      ...lowers,
    ]),
  ]
  return message('S', id, `${Math.ceil(timeoutMs)}\0${textOf(start.kind)}${words(own)}`)
}

/** So many rooms of the kind are to wait for steps. */
export function waitMessage(count: number, kind: RoomKind): Buffer {
  return message('W', count, textOf(kind))
}

/** No room of any kind is to wait. */
export function endWaitingMessage(): Buffer {
  return message('W', 0, '')
}

/** `directory` is empty and the caller's. */
export function memoryMessage(id: number, directory: string, sizeBytes: number): Buffer {
  const files = Math.ceil(sizeBytes / BYTES_PER_FILE) // which take memory of their own
  return message('M', id, words([directory, `mode=700,size=${sizeBytes},nr_inodes=${files}`]))
}
const BYTES_PER_FILE = 8192

/** Most steps of a build have few kinds. */
function textOf(kind: RoomKind): string {
  const text = kindTexts.get(kind) ?? words(kindWords(kind))
  kindTexts.set(kind, text)
  return text
}
const kindTexts = new WeakMap<RoomKind, string>()

function kindWords(kind: RoomKind): readonly string[] {
  const { root, mounts, network, directory, environment, command, readiness } = kind
  const { uid, gid } = kind.ids ?? { uid: STEP_UID, gid: STEP_GID }
  return [
    network ? '+' : '-',
    HOST_NAME,
    String(uid),
    String(gid),
    directory,
    readiness === undefined ? '-' : readiness === 'stops' ? '+' : 'c',
    root,
    ...mounts.flatMap(mountWords),
    ...Object.entries(environment).flatMap(([name, value]) => ['env', `${name}=${value}`]),
    ...command.flatMap((word) => ['arg', word]),
    'step',
  ]
}

function mountWords({ source, target, access }: Mount | MachineMount): readonly string[] {
  return ['bind', ACCESS[access], target, source]
}

export function killMessage(id: number): Buffer {
  return message('K', id, '')
}

function words(texts: readonly string[]): string {
  return texts.map((text) => `${text}\0`).join('')
}

const HEAD_BYTES = 9

function message(type: string, id: number, body: string): Buffer {
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + Buffer.byteLength(body))
  bytes.writeUInt32LE(bytes.length - 4, 0)
  bytes.write(type, 4, 'latin1')
  bytes.writeUInt32LE(id, 5)
  bytes.write(body, HEAD_BYTES)
  return bytes
}

export interface SupervisedEnd {
  readonly reason: EndReason
  readonly code: number | null
  readonly signal: string | null
  /** As in Reply. */
  readonly leftNoMarks: boolean
}

export type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'log'; readonly id: number; readonly bytes: Buffer }
  | {
      readonly kind: 'end'
      readonly id: number
      readonly reason: EndReason
      readonly wasWaiting: boolean // its room was there before it
      readonly status: number // as of wait(2)
      /** On its writable folders nothing but entries is left, and what stat(2) shows. */
      readonly leftNoMarks: boolean
    }
export type EndReason = 'ended' | 'timed-out' | 'killed'

const REASONS: Readonly<Record<string, EndReason>> = { e: 'ended', t: 'timed-out', k: 'killed' }

/** Cuts a stream of bytes into replies. */
export class ReplyReader {
  #rest: Buffer = Buffer.alloc(0)

  read(chunk: Buffer): readonly Reply[] {
    const replies: Reply[] = []
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32LE(0)) {
      const length = bytes.readUInt32LE(0)
      replies.push(replyOf(bytes.subarray(4, 4 + length)))
      bytes = bytes.subarray(4 + length)
    }
    this.#rest = bytes
    return replies
  }
}

function replyOf(bytes: Buffer): Reply {
  const [type, id, body] = [bytes.toString('latin1', 0, 1), bytes.readUInt32LE(1), bytes.subarray(5)]
  switch (type) {
    case 'R':
      return { kind: 'ready' }
    case 'L':
      return { kind: 'log', id, bytes: body }
    case 'E':
      return {
        kind: 'end',
        id,
        reason: REASONS[body.toString('latin1', 0, 1)] ?? 'ended',
        wasWaiting: body.toString('latin1', 1, 2) === '+',
        status: body.readInt32LE(2),
        leftNoMarks: body.toString('latin1', 6, 7) === '-',
      }
  }
  throw new Error(`the supervisor said ${JSON.stringify(type)}`)
}
