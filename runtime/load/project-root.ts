// project-root.ts — which directory a build file's relative paths and its tenon.lock belong to. Reads no file.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The nearest directory upwards of `file` with a tenon.lock; else with a package.json; else the file's own. */
export function projectRoot(file: string): string {
  return nearestWith('tenon.lock', file) ?? nearestWith('package.json', file) ?? dirname(file)
}

/** The nearest directory at or above that of `file` which holds `name`. */
export function nearestWith(name: string, file: string): string | undefined {
  for (const directory of directoriesAbove(file)) if (existsSync(join(directory, name))) return directory
  return undefined
}

/** The directory of `file`, its parent, and so on to the root. */
export function directoriesAbove(file: string): readonly string[] {
  const directories: string[] = []
  for (let directory = dirname(file); ; directory = dirname(directory)) {
    directories.push(directory)
    if (directory === dirname(directory)) return directories
  }
}
