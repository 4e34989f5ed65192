// landlock.ts — the rung of Landlock: a process of the machine, told physical paths, that reaches only what it is given. confine.c does it.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { wholeMounts } from '../host/root.ts'
import { findProgram, type FoundProgram, requireProgramFile } from './compiled-program.ts'
import type { HostCommand, Isolation, Mount } from './rung.ts'

const PROGRAM = {
  built: join(import.meta.dirname, 'tenon-confine'),
  source: join(import.meta.dirname, 'confine.c'),
}

export function confineProgram(home: string): FoundProgram {
  return findProgram(PROGRAM, home)
}

/**
 * Where the other rungs mount, this one allows: the view's folder, and each of its files where the machine has it.
 * The program ends when nothing of the command runs any more; SIGTERM makes it end all of it at once.
 * @throws CodedError TN3002
 */
export function landlockCommand(isolation: Isolation, home: string, command: readonly string[]): HostCommand {
  const rules = join(isolation.control, 'rules')
  writeFileSync(rules, rulesOf(isolation).join(''))
  const program = requireProgramFile(confineProgram(home), 'the Landlock sandbox')
  const network = isolation.network ? '+' : '-'
  return { file: program, args: [String(process.pid), network, rules, ...command] }
}

/** The form is confine.c's. `/usr` can be listed, which shows names alone. */
function rulesOf({ root, mounts }: Isolation): readonly string[] {
  const rule = (access: string, path: string): string => `${access}${path}\0`
  return [
    rule('r', root),
    rule('v', root),
    ...mounts.map(({ source, access }) => rule(ACCESS[access], source)),
    ...wholeMounts().map(({ source }) => rule('l', source)),
    ...['/proc', ...SETTINGS].map((path) => rule('r', path)),
  ]
}

/** Where the other rungs have no file, and here is one that may not be read, programs give up: OpenSSL, so Node too. */
const SETTINGS = [
  '/etc/ld.so.cache',
  '/etc/ssl/openssl.cnf',
  '/etc/pki/tls/openssl.cnf',
  '/etc/crypto-policies',
]

const ACCESS: Readonly<Record<Mount['access'], string>> = { 'read-only': 'r', writable: 'w', device: 'd' }
