// protobuf.ts — the protobuf wire format as far as Remote Execution messages need it, deterministic. Knows no message.
// Source: https://protobuf.dev/programming-guides/encoding; proto3 leaves default values out.

const VARINT = 0
const LENGTH_DELIMITED = 2
const NOTHING = Buffer.alloc(0)

/** A non-negative safe integer, seven bits a byte, least significant first. */
function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  bytes.push(rest)
  return bytes
}

function lengthDelimited(field: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | LENGTH_DELIMITED, ...varint(content.length)]), content])
}

/** A `string` or `bytes` field; field numbers are below 16. */
export function textField(field: number, content: string | Uint8Array): Buffer {
  if (content.length === 0) return NOTHING
  return lengthDelimited(field, typeof content === 'string' ? Buffer.from(content) : content)
}

/** An element of a `repeated string` field: present even when empty. */
export function repeatedText(field: number, content: string): Buffer {
  return lengthDelimited(field, Buffer.from(content))
}

/** A message field: present even when the message is empty. */
export function messageField(field: number, ...parts: readonly Uint8Array[]): Buffer {
  return lengthDelimited(field, Buffer.concat(parts))
}

/** An `int64` (not negative) or `bool` field. */
export function integerField(field: number, value: number | boolean): Buffer {
  return Number(value) === 0 ? NOTHING : Buffer.from([(field << 3) | VARINT, ...varint(Number(value))])
}
