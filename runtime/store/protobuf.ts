// protobuf.ts — the protobuf wire format as far as Remote Execution messages need it, deterministic. Knows no message.
// Source: https://protobuf.dev/programming-guides/encoding; proto3 leaves default values out.

const VARINT = 0
const LENGTH_DELIMITED = 2
const NOTHING = Buffer.alloc(0)

/** A non-negative safe integer, seven bits a byte, least significant first. @returns how many bytes it takes */
function writeVarint(value: number, to: Uint8Array, at: number): number {
  let length = 0
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) to[at + length++] = (rest % 0x80) | 0x80
  to[at + length++] = rest
  return length
}

const scratch = new Uint8Array(9) // a tag and the longest varint of a safe integer

/** Called some hundred times for each step: plain loops, and nothing made but the bytes. */
function lengthDelimited(field: number, parts: readonly (string | Uint8Array)[]): Buffer {
  let length = 0
  for (const part of parts) length += typeof part === 'string' ? Buffer.byteLength(part) : part.length
  let head = 2
  for (let rest = length; rest >= 0x80; rest = Math.floor(rest / 0x80)) head++
  const bytes = Buffer.allocUnsafe(head + length)
  bytes[0] = (field << 3) | LENGTH_DELIMITED
  let at = 1 + writeVarint(length, bytes, 1)
  for (const part of parts) {
    if (typeof part === 'string') at += bytes.write(part, at)
    else {
      bytes.set(part, at)
      at += part.length
    }
  }
  return bytes
}

/** A `string` or `bytes` field; field numbers are below 16. */
export function textField(field: number, content: string | Uint8Array): Buffer {
  return content.length === 0 ? NOTHING : lengthDelimited(field, [content])
}

/** An element of a `repeated string` field: present even when empty. */
export function repeatedText(field: number, content: string): Buffer {
  return lengthDelimited(field, [content])
}

/** A message field: present even when the message is empty. */
export function messageField(field: number, ...parts: readonly Uint8Array[]): Buffer {
  return lengthDelimited(field, parts)
}

/** An `int64` (not negative) or `bool` field. */
export function integerField(field: number, value: number | boolean): Buffer {
  if (Number(value) === 0) return NOTHING
  scratch[0] = (field << 3) | VARINT
  return Buffer.from(scratch.subarray(0, 1 + writeVarint(Number(value), scratch, 1))) // a copy
}
