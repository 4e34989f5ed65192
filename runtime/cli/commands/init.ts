// init.ts — tenon init: the files of a new project. It overwrites nothing.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import type { Context } from '../context.ts'
import { templateFiles } from '../templates.ts'
import { ownVersion } from './version.ts'

export async function initCommand(context: Context): Promise<number> {
  const { words, flags } = context.invocation
  const directory = resolve(context.directory, words[0] ?? '.')
  const name = packageName(basename(directory))
  const files = templateFiles(flags.template ?? 'quickstart', name)
  const shown = (file: string): string => relative(context.directory, join(directory, file))
  const inTheWay = Object.keys(files).filter((file) => existsSync(join(directory, file)))
  if (inTheWay.length > 0)
    throw new CodedError('TN6030', `tenon init would overwrite ${inTheWay.map(shown).join(' and ')}`, {
      hint: 'Name an empty directory: tenon init <directory>.',
    })
  const written = Object.entries(files).map(([file, text]) => write(directory, file, text))
  if (!existsSync(join(directory, 'package.json')))
    written.push(write(directory, 'package.json', manifest(name)))
  if (ignoreResult(directory)) written.push('.gitignore')
  const build = relative(context.directory, directory)
  context.stderr(`wrote ${written.map(shown).join(', ')}\n`)
  context.stderr(`next: ${build === '' ? '' : `cd ${build} && `}npm install && npx tenon build\n`)
  return 0
}

function write(directory: string, file: string, text: string): string {
  mkdirSync(dirname(join(directory, file)), { recursive: true })
  // wx: a file that has appeared since the check is not overwritten either.
  writeFileSync(join(directory, file), text, { flag: 'wx' })
  return file
}

/** What npm takes as a name and Tenon as the name of a chain. */
function packageName(text: string): string {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
  return /^[a-z]/.test(name) ? name : `project${name === '' ? '' : '-'}${name}`
}

function manifest(name: string): string {
  const content = {
    name,
    version: '0.1.0',
    private: true,
    type: 'module',
    scripts: { build: 'tenon build' },
    devDependencies: { '@types/node': '^24.0.0', node: '^24.0.0', tenon: `^${ownVersion()}`, zod: '^4.0.0' },
  }
  return JSON.stringify(content, null, 2) + '\n'
}

/** The links that a build leaves are not for git. True when the file was changed. */
function ignoreResult(directory: string): boolean {
  const file = join(directory, '.gitignore')
  const before = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const lines = new Set(before.split(/\r?\n/))
  const missing = ['node_modules/', 'result', 'result-*'].filter((line) => !lines.has(line))
  if (missing.length === 0) return false
  const gap = before === '' || before.endsWith('\n') ? '' : '\n'
  writeFileSync(file, `${before}${gap}${missing.join('\n')}\n`)
  return true
}
