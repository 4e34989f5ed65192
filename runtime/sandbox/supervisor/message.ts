// message.ts — what the driver and the supervisor say to each other, as bytes. docs/design/supervisor.md describes it.
import { HOST_NAME, type Mount, STEP_GID, STEP_UID } from '../rung/rung.ts'

export interface StepStart {
  readonly root: string // physical
  /** In this order. */
  readonly mounts: readonly (Mount | MachineMount)[]
  readonly network: boolean
  /** 0: no limit. */
  readonly timeoutMs: number
  readonly ids?: { readonly uid: number; readonly gid: number }
  readonly directory: string
  readonly environment: Readonly<Record<string, string>>
  /** The first word is the path of a program. */
  readonly command: readonly string[]
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
  const { root, mounts, network, timeoutMs, directory, environment, command } = start
  const { uid, gid } = start.ids ?? { uid: STEP_UID, gid: STEP_GID }
  const words = [
    String(Math.ceil(timeoutMs)),
    network ? '+' : '-',
    HOST_NAME,
    String(uid),
    String(gid),
    directory,
    root,
    ...mounts.flatMap(({ source, target, access }) => ['bind', ACCESS[access], source, target]),
    ...Object.entries(environment).flatMap(([name, value]) => ['env', `${name}=${value}`]),
    'run',
    ...command,
  ]
  return message('S', id, Buffer.from(words.map((word) => `${word}\0`).join('')))
}

export function killMessage(id: number): Buffer {
  return message('K', id, Buffer.alloc(0))
}

function message(type: string, id: number, body: Buffer): Buffer {
  const head = Buffer.alloc(9)
  head.writeUInt32LE(5 + body.length, 0)
  head.write(type, 4, 'latin1')
  head.writeUInt32LE(id, 5)
  return Buffer.concat([head, body])
}

export interface SupervisedEnd {
  readonly reason: EndReason
  readonly code: number | null
  readonly signal: string | null
}

export type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'log'; readonly id: number; readonly bytes: Buffer }
  | { readonly kind: 'end'; readonly id: number; readonly reason: EndReason; readonly status: number } // as of wait(2)
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
        status: body.readInt32LE(1),
      }
  }
  throw new Error(`the supervisor said ${JSON.stringify(type)}`)
}
