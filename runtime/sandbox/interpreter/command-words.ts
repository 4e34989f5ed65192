// command-words.ts — the template of a `$` command as its arguments. Runs inside the step, bundled into its runner.

type Word = string | number
export type Argument = Word | readonly Word[]

/**
 * Splits at white space outside of quotes; a value joins the text next to it, a list stands alone and is several words.
 * @throws TypeError for a shell operator: there is no shell.
 */
export function words(parts: TemplateStringsArray, values: readonly Argument[]): string[] {
  const line = new CommandLine()
  for (const [i, part] of parts.entries()) {
    for (const character of part) line.addCharacter(character)
    if (i < values.length) line.addValue(values[i], /^(?:\s|$)/.test(parts[i + 1] ?? ''))
  }
  return line.end()
}

const OPERATORS = new Set(['|', '||', '&', '&&', ';', '>', '>>', '<', '2>', '2>&1', '2>/dev/null'])

class CommandLine {
  readonly #words: string[] = []
  #word: string | null = null
  /** The word has nothing but text of the template, outside of quotes. */
  #isBare = true
  #quote = ''

  addCharacter(character: string): void {
    if (this.#quote === character) this.#quote = ''
    else if (this.#quote !== '') this.#word += character
    else if (character === '"' || character === "'") {
      this.#quote = character
      this.#extend('', false)
    } else if (/\s/.test(character)) this.#finishWord()
    else this.#extend(character, true)
  }

  addValue(value: Argument | undefined, isLastOfWord: boolean): void {
    if (!isList(value)) this.#extend(argument(value), false)
    else if (this.#word !== null || !isLastOfWord)
      throw new TypeError('$: a list must stand alone, with white space around it')
    else this.#words.push(...value.map(argument))
  }

  end(): string[] {
    if (this.#quote !== '') throw new TypeError(`$: a ${this.#quote} is not closed`)
    this.#finishWord()
    return this.#words
  }

  #extend(text: string, isBare: boolean): void {
    this.#word = (this.#word ?? '') + text
    this.#isBare &&= isBare
  }

  #finishWord(): void {
    if (this.#word === null) return
    if (this.#isBare && OPERATORS.has(this.#word))
      throw new TypeError(
        `$: there is no shell for ${this.#word}; use several commands, or $\`sh -c \${text}\` with hostTools('sh')`,
      )
    this.#words.push(this.#word)
    this.#word = null
    this.#isBare = true
  }
}

function isList(value: Argument | undefined): value is readonly Word[] {
  return Array.isArray(value)
}

function argument(value: Word | undefined): string {
  if (typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))) return String(value)
  const found = value === null ? 'null' : Number.isNaN(value) ? 'NaN' : typeof value
  throw new TypeError(`$: an argument is ${found}; strings, numbers and lists of them can be passed`)
}
