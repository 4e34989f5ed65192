// type-check.ts — runs the compiler on a build file and keeps its verdict with the stamps of all it read.
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { digestOf } from '../../../dsl/plan/digest.ts'
import { writeAtomically } from '../atomic-write.ts'
import { cacheDirectory, writeEntry } from '../cache-entry.ts'
import { dependencyRoot, isOwnFile, toolFiles } from '../own-package.ts'
import { packageFilesOf, steeringFiles } from '../package-files.ts'
import { projectRoot } from '../project-root.ts'
import { stampAll } from '../stamp.ts'
import { compilerCommand } from './compiler.ts'
import { type Diagnostic, parseReport, typeError } from './diagnostic.ts'
import { typeConfig } from './type-config.ts'

export interface TypeCheckRequest {
  readonly file: string
  readonly home: string
}

/** @throws CodedError TN1000 or TN1003 with every diagnostic. */
export async function requireTypes(request: TypeCheckRequest): Promise<void> {
  const diagnostics = await checkTypes(request)
  if (diagnostics.length > 0) throw typeError(diagnostics)
}

/** An empty answer is remembered; errors are found anew each time. */
export async function checkTypes({ file, home }: TypeCheckRequest): Promise<readonly Diagnostic[]> {
  const startedAtMs = Date.now()
  const directory = dirname(file)
  const config = join(cacheDirectory(home), 'types', `${digestOf(file)}.tsconfig.json`)
  writeAtomically(config, typeConfig(file))
  const run = await runCompiler(config, directory)
  const report = parseReport(run.output, directory)
  // Under a stricter configuration than its own, Tenon's source may not compile; that is no concern of the user.
  const diagnostics = report.diagnostics.filter(
    ({ position }) => position === null || !isOwnFile(position.file),
  )
  if (run.exitCode !== 0 && report.diagnostics.length === 0) throw compilerFailed(run)
  if (diagnostics.length > 0) return diagnostics
  const bundled = dependencyRoot('typescript')
  const sources = report.sources.filter((source) => !source.startsWith(dirname(bundled) + '/@typescript/'))
  const steering = steeringFiles(file, projectRoot(file))
  const stamps = stampAll(
    [file, ...sources, ...packageFilesOf(sources), ...steering, ...toolFiles()],
    startedAtMs,
  )
  if (stamps !== undefined) writeEntry(home, 'types', file, stamps, true)
  return []
}

interface CompilerRun {
  readonly exitCode: number | null
  readonly output: string
}

/** Several checkers each work out the types of zod and of Tenon for themselves: twice the time in all, half as much memory again. */
const OPTIONS = ['--pretty', 'false', '--noErrorTruncation', '--listFiles', '--checkers', '1']

function runCompiler(config: string, directory: string): Promise<CompilerRun> {
  const { command, words } = compilerCommand()
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...words, '-p', config, ...OPTIONS], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const add = (chunk: string): void => {
      output += chunk
    }
    child.stdout.setEncoding('utf8').on('data', add)
    child.stderr.setEncoding('utf8').on('data', add)
    child.on('error', (cause) =>
      reject(new CodedError('TN1004', 'the TypeScript compiler cannot be started', { cause })),
    )
    child.on('close', (exitCode) => resolve({ exitCode, output }))
  })
}

function compilerFailed(run: CompilerRun): CodedError {
  return new CodedError('TN1004', `the TypeScript compiler failed (exit ${run.exitCode ?? 'by a signal'})`, {
    details: run.output.trim().split('\n').slice(-10),
    hint: 'Install the dependencies of tenon again.',
  })
}
