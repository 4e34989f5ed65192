// driver-tool.ts — where the programs are that Tenon itself uses to isolate steps. No step sees them.
import { accessSync, constants, statSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../../../dsl/plan/coded-error.ts'

const SYSTEM_DIRECTORIES = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin']

export function findDriverTool(name: string): string | undefined {
  const onPath = (process.env['PATH'] ?? '').split(':').filter((directory) => directory.startsWith('/'))
  return [...SYSTEM_DIRECTORIES, ...onPath].map((directory) => join(directory, name)).find(isExecutable)
}

/** @throws CodedError TN3002 when the machine has none. */
export function driverTool(name: string): string {
  const found = findDriverTool(name)
  if (found === undefined)
    throw new CodedError('TN3002', `the program '${name}' is not on this machine`, {
      hint: 'Debian and Ubuntu: apt-get install bubblewrap util-linux mount hostname coreutils',
    })
  return found
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
