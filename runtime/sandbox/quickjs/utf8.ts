// utf8.ts — bytes as text, as TextDecoder does it; quickjs has none. Runs inside the step.

/** What is no UTF-8 becomes U+FFFD, one for each longest beginning of a character, as the Encoding standard has it. */
export function decodeUtf8(bytes: Uint8Array): string {
  const parts: string[] = []
  let ascii = 0
  for (let at = 0; at < bytes.length;) {
    if ((bytes[at] ?? 0) < 0x80) {
      at++
      continue
    }
    pushAscii(parts, bytes, ascii, at)
    const { code, length } = characterAt(bytes, at)
    parts.push(code === undefined ? '\ufffd' : String.fromCodePoint(code))
    at += length
    ascii = at
  }
  pushAscii(parts, bytes, ascii, bytes.length)
  return parts.join('')
}

export function isUtf8(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length;) {
    const { code, length } = characterAt(bytes, at)
    if (code === undefined) return false
    at += length
  }
  return true
}

export function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}

const MAX_ARGUMENTS = 4096

function pushAscii(parts: string[], bytes: Uint8Array, start: number, end: number): void {
  for (let at = start; at < end; at += MAX_ARGUMENTS)
    parts.push(String.fromCharCode(...bytes.subarray(at, Math.min(end, at + MAX_ARGUMENTS))))
}

/** `code` is undefined for bytes that begin no character; `length` is how many of them to skip. */
function characterAt(
  bytes: Uint8Array,
  at: number,
): { readonly code: number | undefined; readonly length: number } {
  const first = bytes[at] ?? 0
  if (first < 0x80) return { code: first, length: 1 }
  const needed = first < 0xc2 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : 0
  let code = first & (0x3f >> needed)
  for (let i = 1; i <= needed; i++) {
    const next = bytes[at + i] ?? 0
    const [low, high] = i === 1 ? secondRange(first) : [0x80, 0xbf]
    if (next < low || next > high) return { code: undefined, length: i }
    code = (code << 6) | (next & 0x3f)
  }
  return { code: needed === 0 ? undefined : code, length: needed + 1 }
}

/** No surrogates, nothing written longer than it must be, nothing over U+10FFFF. */
function secondRange(first: number): readonly [low: number, high: number] {
  switch (first) {
    case 0xe0:
      return [0xa0, 0xbf]
    case 0xed:
      return [0x80, 0x9f]
    case 0xf0:
      return [0x90, 0xbf]
    case 0xf4:
      return [0x80, 0x8f]
    default:
      return [0x80, 0xbf]
  }
}
