// files.ts — the file system that `files` of a quickjs body stands on. Runs inside the step, bundled into its runner.
import { bodyFiles, type FileSystem, type Kind } from '../interpreter/body-files.ts'
import { checked, type FileStatus, os, reason, std } from './host.ts'
import { isUtf8, joined } from './utf8.ts'

const system: FileSystem = {
  kindOf: (path, link) => kindOf(statusAt(path, link)),
  read,
  write: (path, text, mode) => {
    const file = std.fdopen(checked(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)), 'w')
    file.puts(text)
    file.flush()
    const isLost = file.error()
    checked(file.close())
    if (isLost) throw new Error('it could not be written')
  },
  names: (path) => result(os.readdir(path)).filter((name) => name !== '.' && name !== '..'),
  makeOne: (path) => void checked(os.mkdir(path, 0o777)),
  removeFile: (path) => void checked(os.remove(path)),
  removeDirectory: (path) => void checked(os.remove(path)),
  copyFile,
  copyLink: (from, to) => void checked(os.symlink(result(os.readlink(from)), to)),
}
export const files = bodyFiles(system)

function read(path: string): string {
  const file = std.fdopen(checked(os.open(path, os.O_RDONLY)), 'r')
  const text = file.readAsString()
  const isLost = file.error()
  file.close()
  if (isLost) throw new Error('it could not be read')
  // What is no UTF-8 was replaced, or became half a pair.
  const isSure = text.isWellFormed() && !text.includes('\ufffd')
  if (!isSure && !isUtf8(bytesOf(path))) throw new Error('it is not UTF-8 text')
  return text
}

function bytesOf(path: string): Uint8Array {
  const chunks: Uint8Array[] = []
  eachChunk(path, (buffer, length) => void chunks.push(new Uint8Array(buffer.slice(0, length))))
  return joined(chunks)
}

const CHUNK_BYTES = 1 << 16

function eachChunk(path: string, use: (buffer: ArrayBuffer, length: number) => void): void {
  const descriptor = checked(os.open(path, os.O_RDONLY))
  const buffer = new ArrayBuffer(CHUNK_BYTES)
  try {
    for (;;) {
      const length = checked(os.read(descriptor, buffer, 0, CHUNK_BYTES))
      if (length === 0) return
      use(buffer, length)
    }
  } finally {
    os.close(descriptor)
  }
}

/** A copy of a file onto itself is that file. */
function copyFile(from: string, to: string): void {
  const [source, target] = [statusAt(from, 'follow'), statusAt(to, 'follow')]
  if (source === null) throw new Error('no such file or directory')
  if (source.dev === target?.dev && source.ino === target.ino) return
  if (kindOf(target) === 'file') checked(os.remove(to)) // its mode would stay
  const mode = (source.mode & 0o111) === 0 ? 0o666 : 0o777
  const descriptor = checked(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode))
  try {
    eachChunk(from, (buffer, length) => writeAll(descriptor, buffer, length))
  } finally {
    os.close(descriptor)
  }
}

export function writeAll(descriptor: number, buffer: ArrayBuffer, length: number): void {
  for (let at = 0; at < length;) at += checked(os.write(descriptor, buffer, at, length - at))
}

function statusAt(path: string, link: 'follow' | 'stay'): FileStatus | null {
  return (link === 'follow' ? os.stat(path) : os.lstat(path))[0]
}

function kindOf(status: FileStatus | null): Kind | undefined {
  switch (status === null ? null : status.mode & os.S_IFMT) {
    case null:
      return undefined
    case os.S_IFDIR:
      return 'directory'
    case os.S_IFREG:
      return 'file'
    case os.S_IFLNK:
      return 'link'
    default:
      return 'other'
  }
}

function result<T>([value, errno]: readonly [T, number]): T {
  if (errno !== 0) throw new Error(reason(errno))
  return value
}
