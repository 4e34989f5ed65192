// problem.ts — what is wrong with a document, and where. Leaves finding it to explain.ts.
export interface Problem {
  readonly pointer: string // RFC 6901, in the document
  readonly message: string // "expected string, found number 3"
}
