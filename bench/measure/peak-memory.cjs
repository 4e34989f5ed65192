// peak-memory.cjs — loaded before every program: when it exits, writes its peak of resident memory (kB) to $BENCH_PEAKS/<its name>.
const { readFileSync, writeFileSync } = require('node:fs')
const { basename, join } = require('node:path')

process.on('exit', () => {
  const [, peak] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))
  writeFileSync(join(process.env.BENCH_PEAKS, basename(process.argv[1])), peak)
})
