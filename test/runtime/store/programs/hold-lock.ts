// hold-lock.ts — a process of lock.test.ts: takes a lock of some kind, says so, and either appends to a file under it or keeps it for ever.
import { appendFileSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { Store } from '../../../../runtime/store/store.ts'
import { KINDS } from './lock-kinds.ts'

const [home = '', kind = '', file = ''] = process.argv.slice(2)
const take = KINDS[kind] ?? process.exit(2)
const store = Store.open(home)
if (file === '') {
  await take(store)
  writeSync(1, 'held\n')
  setInterval(() => {}, 1000)
} else {
  for (let round = 0; round < 25; round++) {
    const release = await take(store)
    const seen = readFileSync(file, 'utf8') // a lost update shows when two are in here
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 3))
    writeFileSync(file, seen + 'x')
    release()
  }
  appendFileSync(`${file}.done`, 'd')
}
