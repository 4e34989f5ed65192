// exit.ts — how the planner's process says what its answer is.

export const EXIT = {
  planned: 0, // stdout: JSON of `Planned`
  fault: 3, // stdout: JSON of `Fault`
  unasked: 4, // nobody waits for an answer any more
} as const
