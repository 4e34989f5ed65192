#!/usr/bin/env node
// roman.js — prints its argument in Roman numerals.

// prettier-ignore
const DIGITS = [
  [1000, 'M'], [900, 'CM'], [500, 'D'], [400, 'CD'], [100, 'C'], [90, 'XC'],
  [50, 'L'], [40, 'XL'], [10, 'X'], [9, 'IX'], [5, 'V'], [4, 'IV'], [1, 'I'],
]

// Subtractive since 1.1: 4 is IV.
export function roman(number) {
  let text = ''
  for (const [value, letter] of DIGITS) for (; number >= value; number -= value) text += letter
  return text
}

if (import.meta.main) console.log(roman(Number(process.argv[2])))
