// cli-docs.ts — docs/cli.md, from the table.
import { commandForm, commandNames, commandSpecs, TARGET_DOC } from './command-table.ts'
import { flagForm, flagSpecs } from './flags.ts'

const HEAD = `# Command line

<!-- Made from the table in runtime/cli/usage; test/runtime/cli/usage/help.test.ts keeps it true. -->

Results go to standard output, everything else to standard error.

${TARGET_DOC}

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | a step failed |
| 2 | usage: an unknown command, flag, file, export or step |
| 3 | a type error or an error while planning |
| 4 | the lock is stale, with \`--frozen\` |
| 69 | a remote is unavailable |
| 70 | a bug of Tenon |
| 130 | interrupted (143: terminated) |

| variable | meaning |
|---|---|
| \`TENON_HOME\` | where results are kept; else \`$XDG_DATA_HOME/tenon\`, else \`~/.local/share/tenon\` |
| \`TENON_MIRRORS\` | mirrors as \`--mirror\` takes them, separated by spaces; also the object \`mirrors\` in \`tenon/config.json\` of \`$XDG_CONFIG_HOME\` |
| \`NO_COLOR\` | no colours |
| \`CI\` | plain progress lines, also on a terminal |
`

export function cliDocs(): string {
  const commands = commandNames.flatMap((name) => {
    const spec = commandSpecs[name]
    if (spec === undefined) return []
    const flags = spec.flags.map((flag) => {
      const flagSpec = flagSpecs[flag]
      return flagSpec === undefined
        ? ''
        : `| \`${flagForm(flag, flagSpec).replaceAll('|', String.raw`\|`)}\` | ${flagSpec.doc} |\n`
    })
    const examples = spec.examples.map(([line, what]) => `${line}   # ${what}\n`).join('')
    return [
      `## tenon ${name}\n\n${spec.summary} ${spec.details}\n\n`,
      `\`\`\`\n${commandForm(name, spec)}\n\`\`\`\n\n`,
      flags.length === 0 ? '' : `| flag | meaning |\n|---|---|\n${flags.join('')}\n`,
      `\`\`\`sh\n${examples}\`\`\`\n\n`,
    ].join('')
  })
  return `${HEAD}\n${commands.join('')}`.trimEnd() + '\n'
}
