// root.ts — the fixed part of a step's root: mount points, device links, /etc. The packages' files are view.ts's.
import { existsSync, lstatSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Mount, STEP_GID, STEP_UID } from '../rung/rung.ts'

const DIRECTORIES = [
  'usr',
  'build',
  'tmp',
  'proc',
  'dev/shm',
  'etc/ssl/certs',
  'tenon/store',
  'tenon/step',
  'tenon/interpreter',
]
const DEVICES = ['null', 'zero', 'full', 'random', 'urandom']
const LINKS = {
  'dev/fd': '/proc/self/fd',
  'dev/stdin': '/proc/self/fd/0',
  'dev/stdout': '/proc/self/fd/1',
  'dev/stderr': '/proc/self/fd/2',
}
const FILES = {
  'etc/passwd': `root:x:0:0:root:/:/bin/sh\ntenon:x:${STEP_UID}:${STEP_GID}:tenon:/tmp:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n`,
  'etc/group': `root:x:0:\nusers:x:${STEP_GID}:\nnogroup:x:65534:\n`,
  'etc/hosts': '127.0.0.1 localhost tenon\n::1 localhost\n',
  'etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
  'etc/resolv.conf': '',
  'etc/ssl/certs/ca-certificates.crt': '',
  'tenon/interpreter/node': '',
}

const USR_NAMES = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32']

/** Directories of the root that are links into /usr on this machine (`/bin` → `usr/bin`), by name. */
export function usrLinks(): Readonly<Record<string, string>> {
  const names = USR_NAMES.filter((name) => isLink(`/${name}`))
  return Object.fromEntries(names.map((name) => [name, readlinkSync(`/${name}`).replace(/^\//, '')]))
}

/** Folders of programs and libraries on a machine without a package database, when they are no links: seen whole. */
function wholeDirectories(): readonly string[] {
  return ['usr', ...USR_NAMES]
    .filter((name) => lstatSync(`/${name}`, { throwIfNoEntry: false })?.isDirectory() === true)
    .map((name) => `/${name}`)
}

export function wholeMounts(): readonly Mount[] {
  return wholeDirectories().map((path) => ({ source: path, target: path, access: 'read-only' }))
}

/** Version of what makeRoot makes: part of a view's name. */
export const ROOT_FORMAT = 1

export function makeRoot(root: string): void {
  for (const directory of [...DIRECTORIES, ...wholeDirectories()])
    mkdirSync(join(root, directory), { recursive: true })
  for (const device of DEVICES) writeFileSync(join(root, 'dev', device), '')
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  for (const [name, target] of [...Object.entries(LINKS), ...Object.entries(usrLinks())])
    if (!existsSync(join(root, name))) symlinkSync(target, join(root, name))
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
}
