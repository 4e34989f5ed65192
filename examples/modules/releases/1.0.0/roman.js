#!/usr/bin/env node
// roman.js — prints its argument in Roman numerals.

const DIGITS = [
  [1000, 'M'],
  [500, 'D'],
  [100, 'C'],
  [50, 'L'],
  [10, 'X'],
  [5, 'V'],
  [1, 'I'],
]

// Additive: 4 is IIII, as on clocks.
export function roman(number) {
  let text = ''
  for (const [value, letter] of DIGITS) for (; number >= value; number -= value) text += letter
  return text
}

if (import.meta.main) console.log(roman(Number(process.argv[2])))
