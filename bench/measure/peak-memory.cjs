// peak-memory.cjs — loaded before a command: when it exits, writes its peak of resident memory (kB) to $BENCH_PEAK_FILE.
const { readFileSync, writeFileSync } = require('node:fs')

process.on('exit', () => {
  const [, peak] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))
  writeFileSync(process.env.BENCH_PEAK_FILE, peak)
})
