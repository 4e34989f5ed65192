// bundle-modules.ts — modules with relative imports as one module: plain text work, enough for a small program.
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'

const IMPORT = /^import\s+(.+?)\s+from\s+'([^']+)';?[ \t]*$/gm

/** Every module once, after those it imports; imports of node's own modules come first. @throws on import cycles. */
export function bundleModules(entry: string): string {
  const builtins = new Map<string, string>()
  const modules: string[] = []
  const state = new Map<string, 'open' | 'done'>()
  const visit = (file: string): void => {
    if (state.get(file) === 'done') return
    if (state.get(file) === 'open') throw new Error(`${file} imports itself by way of others`)
    state.set(file, 'open')
    const code = stripTypeScriptTypes(readFileSync(file, 'utf8').replace(/^#!.*\n/, ''))
    const text = code.replace(IMPORT, (line: string, _names: string, from: string) => {
      if (from.startsWith('.')) visit(join(dirname(file), from))
      else builtins.set(line.trim(), from)
      return ''
    })
    modules.push(
      text
        .replace(/^export (?=(async )?(function|const|class)\b)/gm, '')
        .replace(/^[ \t]+$/gm, '')
        .trim(),
    )
    state.set(file, 'done')
  }
  visit(entry)
  return `#!/usr/bin/env node\n${[...builtins.keys()].join('\n')}\n\n${modules.join('\n\n')}\n`
}
