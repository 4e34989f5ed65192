// body-files.ts — `files` of a body over the few operations that an interpreter must have. Runs inside the step, bundled into its runner.
import { byCodeUnit } from '../../../dsl/plan/json.ts'

export type Kind = 'file' | 'directory' | 'link' | 'other'
/** What fails throws an Error whose message is the reason alone. */
export interface FileSystem {
  /** Undefined: nothing there. */
  readonly kindOf: (path: string, link: 'follow' | 'stay') => Kind | undefined
  /** Throws when it is not UTF-8. */
  read(path: string): string
  write(path: string, text: string, mode: number): void
  names(path: string): readonly string[]
  makeOne(path: string): void
  removeFile(path: string): void
  removeDirectory(path: string): void
  /** Bytes and executable bits; the copy can be written to. */
  copyFile(from: string, to: string): void
  copyLink(from: string, to: string): void
}

// oxlint-disable-next-line typescript/explicit-function-return-type -- its type is what `Files` of dsl/step is checked against
export function bodyFiles(system: FileSystem) {
  const { kindOf } = system
  const make = (path: string): void => {
    const kind = path === '' ? 'directory' : kindOf(path, 'follow')
    if (kind === 'directory') return
    if (kind !== undefined) throw new Error('not a directory')
    make(path.replace(/\/*[^/]*\/*$/, ''))
    system.makeOne(path)
  }
  const remove = (path: string): void => {
    const kind = kindOf(path, 'stay')
    if (kind === undefined) return
    if (kind !== 'directory') return system.removeFile(path)
    for (const name of system.names(path)) remove(`${path}/${name}`)
    system.removeDirectory(path)
  }
  const copy = (from: string, to: string): void => {
    if (kindOf(from, 'stay') === 'link') {
      if (!['directory', undefined].includes(kindOf(to, 'stay'))) system.removeFile(to)
      return system.copyLink(from, to)
    }
    if (kindOf(from, 'stay') !== 'directory') return system.copyFile(from, to)
    if (kindOf(to, 'follow') !== 'directory') system.makeOne(to)
    for (const name of system.names(from)) copy(`${from}/${name}`, `${to}/${name}`)
  }
  const read = (path: string): string => {
    if (kindOf(path, 'follow') === 'directory') throw new Error('it is a directory')
    return system.read(path)
  }
  const write = (path: string, text: string, executable: boolean): void => {
    if (executable && kindOf(path, 'follow') === 'file') system.removeFile(path) // its mode would stay
    system.write(path, text.toWellFormed(), executable ? 0o777 : 0o666)
  }
  return {
    readText: (path: string): string => told('read', path, () => read(path)),
    writeText: (path: string, text: string, options?: { readonly executable?: boolean }): void =>
      told('write', path, () => write(path, text, options?.executable === true)),
    exists: (path: string): boolean => kindOf(path, 'follow') !== undefined,
    isDirectory: (path: string): boolean => kindOf(path, 'follow') === 'directory',
    list: (path: string): readonly string[] =>
      told('list', path, () => system.names(path).toSorted(byCodeUnit)),
    makeDirectory: (path: string): void => told('make the directory', path, () => make(path)),
    copy: (from: string, to: string): void => told('copy', `${from} to ${to}`, () => copy(from, to)),
    remove: (path: string): void => told('remove', path, () => remove(path)),
  }
}

function told<T>(verb: string, path: string, act: () => T): T {
  try {
    return act()
  } catch (cause) {
    throw new Error(`cannot ${verb} ${path}: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}
