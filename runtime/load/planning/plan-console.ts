// plan-console.ts — console of a build file: everything goes to stderr, for stdout carries results.
import { format } from 'node:util'

export function planConsole(): object {
  const print = (...values: unknown[]): void => {
    process.stderr.write(`${format(...values)}\n`)
  }
  return Object.fromEntries(
    ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir'].map((name) => [name, print]),
  )
}
