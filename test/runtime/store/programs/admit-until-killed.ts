// admit-until-killed.ts — a process of crash.test.ts: admits trees one after the other, says each path once it has it.
import { writeSync } from 'node:fs'
import { Store } from '../../../../runtime/store/store.ts'
import { objectFiles } from './object-files.ts'
import { makeTree } from '../temporary.ts'

const [home = '', first = '0', count = '1'] = process.argv.slice(2)
const store = Store.open(home)
for (let index = Number(first); index < Number(first) + Number(count); index++) {
  const { name, files, placeholder } = objectFiles(index)
  const source = makeTree(`${store.scratch('source').directory}/tree`, files)
  const object = store.admit(source, { name, placeholder, candidates: [], consume: index % 2 === 0 })
  writeSync(1, `${object.path}\n`)
}
