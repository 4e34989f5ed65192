// hold-object.ts — a process of collect.test.ts: asks for an object, says so, and lives on.
import { writeSync } from 'node:fs'
import { Store } from '../../../../runtime/store/store.ts'

const [home = '', path = ''] = process.argv.slice(2)
const object = Store.open(home).object(path)
writeSync(1, object === undefined ? 'absent\n' : 'held\n')
setInterval(() => {}, 1000)
