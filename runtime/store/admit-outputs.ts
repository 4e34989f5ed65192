// admit-outputs.ts — the outputs of one step that may refer to each other: an order in which each knows its final paths.
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { admit, type Destination } from './admit.ts'
import { examine } from './examine.ts'
import { withFileErrors } from './files/file-error.ts'
import type { StoreObject } from './object.ts'
import { hashPart, type StorePath } from './store-path.ts'

/** A file or tree output; work trees keep the placeholders in them and are admitted one by one. */
export interface Output {
  readonly source: string
  readonly name: string
  readonly placeholder: StorePath
  /** The source may be moved and altered. */
  readonly consume: boolean
}

/**
 * @returns the objects in the order of `outputs`.
 * @throws CodedError TN5014 when outputs refer to each other in a circle; else as admit does.
 */
export function admitOutputs(
  destination: Destination,
  outputs: readonly Output[],
  candidates: readonly StorePath[],
): StoreObject[] {
  const objects = new Map<StorePath, StoreObject>() // by placeholder
  const admitted = new Map<StorePath, StorePath>()
  let waiting = outputs.map((output) => ({
    output,
    needs: outputs.length > 1 ? namedOutputs(destination.layout.home, output, outputs) : [],
  }))
  while (waiting.length > 0) {
    const ready = waiting.filter(({ needs }) => needs.every((placeholder) => admitted.has(placeholder)))
    if (ready.length === 0) throw circle(waiting.map(({ output }) => output.name))
    for (const { output } of ready) {
      const object = admit(destination, output.source, { ...output, candidates, admitted: new Map(admitted) })
      objects.set(output.placeholder, object)
      admitted.set(output.placeholder, object.path)
    }
    waiting = waiting.filter((one) => !ready.includes(one))
  }
  return outputs.flatMap(({ placeholder }) => objects.get(placeholder) ?? [])
}

function namedOutputs(home: string, output: Output, outputs: readonly Output[]): StorePath[] {
  const others = outputs.filter(({ placeholder }) => placeholder !== output.placeholder)
  const hashes = new Set(others.map(({ placeholder }) => hashPart(placeholder)))
  const { found } = withFileErrors(`read ${output.name}`, home, () =>
    examine(Buffer.from(output.source), hashes, new Set()),
  )
  return others
    .map(({ placeholder }) => placeholder)
    .filter((placeholder) => found.has(hashPart(placeholder)))
}

function circle(names: readonly string[]): CodedError {
  return new CodedError('TN5014', `these outputs refer to each other in a circle: ${names.join(', ')}`, {
    hint: 'An object must be complete before another can name it: make one output of them, or cut one of the references.',
  })
}
