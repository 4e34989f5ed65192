// sha256.ts — SHA-256 of a short text (FIPS 180-4), for names of placeholders; quickjs has none. Runs inside the step.

/** As 64 lower-case hex characters. `text` is ASCII or well-formed. */
export function sha256(text: string): string {
  const words = padded(text)
  const hash = primes(8).map((prime) => fraction(Math.sqrt(prime)))
  const constants = primes(64).map((prime) => fraction(Math.cbrt(prime)))
  for (let block = 0; block < words.length; block += 16) {
    const schedule = scheduleOf(words.slice(block, block + 16))
    const next = round(hash, schedule, constants)
    for (const [i, word] of next.entries()) hash[i] = ((hash[i] ?? 0) + word) >>> 0
  }
  return hash.map((word) => word.toString(16).padStart(8, '0')).join('')
}

/** The first 32 bits behind the point. */
function fraction(value: number): number {
  return ((value - Math.floor(value)) * 2 ** 32) >>> 0
}

function primes(count: number): number[] {
  const found: number[] = []
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n)
  return found
}

/** The bytes in UTF-8, a one bit, zeros, and the length in bits, as big-endian words. */
function padded(text: string): number[] {
  const bytes = unescape(encodeURIComponent(text))
  const words = Array.from({ length: (((bytes.length + 8) >> 6) + 1) * 16 }, () => 0)
  for (let i = 0; i <= bytes.length; i++)
    words[i >> 2] =
      (words[i >> 2] ?? 0) | ((i < bytes.length ? bytes.charCodeAt(i) : 0x80) << (24 - (i % 4) * 8))
  words[words.length - 1] = bytes.length * 8
  return words
}

function scheduleOf(block: readonly number[]): readonly number[] {
  const words = [...block]
  const at = (i: number): number => words[i] ?? 0
  for (let i = 16; i < 64; i++) {
    const s0 = turned(at(i - 15), 7) ^ turned(at(i - 15), 18) ^ (at(i - 15) >>> 3)
    const s1 = turned(at(i - 2), 17) ^ turned(at(i - 2), 19) ^ (at(i - 2) >>> 10)
    words.push((at(i - 16) + s0 + at(i - 7) + s1) | 0)
  }
  return words
}

function round(
  hash: readonly number[],
  schedule: readonly number[],
  constants: readonly number[],
): readonly number[] {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash
  for (const [i, word] of schedule.entries()) {
    const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)
    const first = (h + s1 + ((e & f) ^ (~e & g)) + (constants[i] ?? 0) + word) | 0
    const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)
    const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    ;[a, b, c, d, e, f, g, h] = [(first + second) | 0, a, b, c, (d + first) | 0, e, f, g]
  }
  return [a, b, c, d, e, f, g, h]
}

function turned(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits))
}
