// compiler.ts — the syntax library, loaded when the first module must be read: a cached plan never pays for it.
import { createRequire } from 'node:module'
import type { Project, ts } from 'ts-morph'

type Syntax = typeof ts

/** Set by loadCompiler; every reader of syntax trees runs after it. */
export let syntax: Syntax
let newProject: () => Project

export async function loadCompiler(): Promise<void> {
  if (newProject === undefined) useCompiler(await import('ts-morph'))
}

/** For the rare place that cannot wait for an import. */
export function loadCompilerNow(): void {
  if (newProject === undefined)
    useCompiler(createRequire(import.meta.url)('ts-morph') as typeof import('ts-morph')) // it is that module
}

function useCompiler(morph: typeof import('ts-morph')): void {
  syntax = morph.ts
  newProject = () =>
    new morph.Project({
      useInMemoryFileSystem: true,
      skipLoadingLibFiles: true,
      compilerOptions: {
        target: syntax.ScriptTarget.ESNext,
        module: syntax.ModuleKind.ESNext,
        allowJs: true,
        noLib: true,
        noResolve: true,
        types: [],
      },
    })
}

export interface ParsedModule {
  /** Of the original, absolute. */
  readonly file: string
  readonly text: string
  readonly source: ts.SourceFile
  /** Names resolve inside of this one file: the rest of the program is never loaded. */
  readonly checker: ts.TypeChecker
}

/** Broken syntax is parsed as well as can be: who bundles the module reports it. */
export function parseModule(file: string, text: string): ParsedModule {
  const extension = /\.[cm]?[jt]s$/.exec(file)?.[0] ?? '.ts'
  const project = newProject()
  const { compilerNode } = project.createSourceFile(`/module${extension}`, text)
  return { file, text, source: compilerNode, checker: project.getTypeChecker().compilerObject }
}
