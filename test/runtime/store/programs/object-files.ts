// object-files.ts — trees by number, the same in every process.
import { placeholderPath } from '../../../../dsl/plan/placeholder.ts'
import type { Files } from '../temporary.ts'

export function objectFiles(index: number): { name: string; files: Files; placeholder: string } {
  const placeholder = placeholderPath('crash', String(index))
  const files: Record<string, Files[string]> = {
    link: { link: `${placeholder}/0` },
    big: Buffer.alloc((1 << 20) + 99, placeholder),
  }
  for (let file = 0; file < 30; file++) files[`d${file % 3}/${file}`] = `file ${file} of ${index}`
  return { name: `crash-${index}`, files, placeholder }
}
