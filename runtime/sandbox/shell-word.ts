// shell-word.ts — any string as one word of a POSIX shell script.

/** Single quotes keep everything but a single quote and NUL, which no shell word can hold. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
