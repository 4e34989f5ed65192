// download.ts — one URL into a partial file until it is whole: resume, completeness, progress. Verifies no hash.
import type { IncomingMessage } from 'node:http'
import { TransferFailure } from '../failure.ts'
import { type Answer, get, type Get } from './get.ts'
import type { Part } from './part.ts'
import { type Retry, retrying } from './retry.ts'

export interface Download extends Omit<Get, 'headers' | 'stallMs'>, Omit<Retry, 'reached'> {
  readonly part: Part
  /** A hash will tell whether parts of two answers belong together; without one only the server's validator does. */
  readonly verified: boolean
  readonly onProgress: (doneBytes: number, totalBytes: number | null) => void
}

/** Fills the part. Gives the URL that the bytes came from, after redirects. */
export async function download(o: Download): Promise<URL> {
  let reached = o.part.sizeBytes
  return retrying({ ...o, reached: () => reached }, async () => {
    const answer = await ask(o)
    const totalBytes = begin(o.part, answer)
    try {
      o.onProgress(o.part.sizeBytes, totalBytes)
      for await (const chunk of answer.body) {
        o.part.write(chunk)
        reached = Math.max(reached, o.part.sizeBytes)
        o.onProgress(o.part.sizeBytes, totalBytes)
      }
      if (totalBytes !== null && o.part.sizeBytes !== totalBytes) throw cutOff(o.part, totalBytes, answer.url)
      return answer.url
    } catch (error) {
      // The stream's own error when the server hangs up within the body says only "aborted".
      if (error instanceof TransferFailure && error.kind === 'unreachable')
        throw cutOff(o.part, totalBytes, answer.url, error)
      throw error
    } finally {
      answer.close()
    }
  })
}

async function ask(o: Download): Promise<Answer> {
  const { validator, sizeBytes } = o.part
  const resumes = sizeBytes > 0 && (validator !== null || o.verified)
  const range = resumes
    ? { range: `bytes=${sizeBytes}-`, ...(validator === null ? {} : { 'if-range': validator }) }
    : {}
  // identity: a server must not wrap the file in a compression of its own.
  const headers = { accept: '*/*', 'accept-encoding': 'identity', ...range }
  const request: Get = { ...o, headers, stallMs: o.patience.stallMs }
  const answer = await get(request)
  if (answer.status === 200 || (answer.status === 206 && firstByte(answer.headers) === sizeBytes))
    return answer
  // The server has less than the part, or another piece than asked for: what is here belongs to something else.
  answer.close()
  o.part.restart(null)
  const again = await get({ ...request, headers: { accept: '*/*', 'accept-encoding': 'identity' } })
  if (again.status === 200) return again
  again.close()
  throw new TransferFailure(
    'status',
    `${again.url.host} answers ${again.status} to a request for the whole file`,
  )
}

/** Makes the part ready for the answer's bytes. Gives the size of the whole, when the server tells. */
function begin(part: Part, answer: Answer): number | null {
  const length = lengthOf(answer.headers)
  if (answer.status === 206) return length === null ? null : part.sizeBytes + length
  part.restart(validatorOf(answer.headers))
  return length
}

function lengthOf(headers: IncomingMessage['headers']): number | null {
  const text = headers['content-length']
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null
}

function firstByte(headers: IncomingMessage['headers']): number | null {
  const match = /^bytes (\d+)-/.exec(headers['content-range'] ?? '')
  return match?.[1] === undefined ? null : Number(match[1])
}

/** What If-Range may hold: a strong ETag, else the date (RFC 9110 section 13.1.5). */
function validatorOf(headers: IncomingMessage['headers']): string | null {
  const { etag } = headers
  return etag !== undefined && etag.startsWith('"') ? etag : (headers['last-modified'] ?? null)
}

function cutOff(part: Part, totalBytes: number | null, url: URL, cause?: unknown): TransferFailure {
  const whole = totalBytes === null ? '' : ` of ${totalBytes}`
  const fact = `${url.host} ended the answer after ${part.sizeBytes}${whole} bytes`
  return new TransferFailure('cut-off', fact, { retriable: true, cause })
}
