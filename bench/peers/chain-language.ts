// chain-language.ts — the same tiny step in sh and in JavaScript: read a number, write the next one.
import { execFileSync } from 'node:child_process'
import { realpathSync } from 'node:fs'

export type ChainLanguage = 'sh' | 'node'

/** The words of a process that reads `from` (null: there is none before it) and writes `to`. Paths may be `$variables` for sh alone. */
export function stepCommand(language: ChainLanguage, from: string | null, to: string): readonly string[] {
  if (language === 'sh')
    return [
      '/bin/sh',
      '-c',
      from === null ? `echo 0 > ${to}` : `read -r n < ${from}; echo $((n + 1)) > ${to}`,
    ]
  const before = from === null ? '-1' : `Number(fs.readFileSync(${JSON.stringify(from)}, 'utf8'))`
  return [process.execPath, '-e', `fs.writeFileSync(${JSON.stringify(to)}, String(${before} + 1))`]
}

/** The program and the libraries that it is linked with: what a sandbox must hold to run it. */
export function programFiles(language: ChainLanguage): readonly string[] {
  const program = language === 'sh' ? '/bin/sh' : process.execPath
  const libraries = execFileSync('ldd', [realpathSync(program)], { encoding: 'utf8' })
  const paths = [...libraries.matchAll(/(\/\S+) \(0x/g)].map((match) => match[1] ?? '')
  return [`${program}=${realpathSync(program)}`, ...paths]
}
