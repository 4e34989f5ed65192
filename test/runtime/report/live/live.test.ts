// live.test.ts — the terminal's view, on a manual clock and a small terminal of our own.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { BuildEvent, StepLabel } from '../../../../runtime/report/event.ts'
import { liveReporter } from '../../../../runtime/report/live/live.ts'
import { asciiGlyphs, unicodeGlyphs, type Glyphs } from '../../../../runtime/report/live/live-view.ts'
import { columnsOf } from '../../../../runtime/report/terminal-text.ts'
import { matchesGolden } from '../golden.ts'
import { everyEvent, exited, fetched, installed, made, textOptions } from '../sample-events.ts'

const ESCAPE = '\u001b'
const CONTROL = new RegExp(String.raw`(${ESCAPE}\[\??\d*[A-Za-z]|[\r\n])`)
const CURSOR_UP = new RegExp(String.raw`^${ESCAPE}\[(\d+)A$`)

/** Understands what the reporter writes: newlines, carriage returns, cursor up, clear line, clear below, cursor on and off. */
class Screen {
  readonly lines: string[] = ['']
  row = 0
  column = 0
  writes = 0
  cursorShown = true
  write(text: string): void {
    this.writes++
    for (const part of text.split(CONTROL)) this.#apply(part)
  }
  #apply(part: string): void {
    const up = CURSOR_UP.exec(part)
    const line = this.lines[this.row] ?? ''
    if (up !== null) this.row -= Number(up[1])
    else if (part === '\r') this.column = 0
    else if (part === '\n') {
      this.column = 0
      this.lines[++this.row] ??= ''
    } else if (part === '\u001b[J') this.lines.splice(this.row, this.lines.length, '')
    else if (part === '\u001b[K') this.lines[this.row] = line.slice(0, this.column)
    else if (part === '\u001b[?25l') this.cursorShown = false
    else if (part === '\u001b[?25h') this.cursorShown = true
    else {
      this.lines[this.row] =
        line.slice(0, this.column).padEnd(this.column) + part + line.slice(this.column + part.length)
      this.column += part.length
    }
    assert(this.row >= 0, 'the cursor left the screen')
  }
  text(): string {
    return (
      this.lines
        .map((line) => line + '\n')
        .join('')
        .trimEnd() + '\n'
    )
  }
}

class ManualClock {
  now = 0
  ticks: (() => void)[] = []
  nowMs = (): number => this.now
  every = (_intervalMs: number, tick: () => void): (() => void) => {
    this.ticks.push(tick)
    return () => (this.ticks = this.ticks.filter((other) => other !== tick))
  }
  advance(ms: number): void {
    this.now += ms
    for (const tick of this.ticks) tick()
  }
}

function terminal(columns: number, rows = 24, glyphs: Glyphs = unicodeGlyphs) {
  const screen = new Screen()
  const clock = new ManualClock()
  const reporter = liveReporter({
    ...textOptions,
    clock,
    glyphs,
    terminal: { write: (text) => screen.write(text), columns: () => columns, rows: () => rows },
  })
  return { screen, clock, reporter }
}

const planned = (steps: number): BuildEvent => ({
  kind: 'planned',
  steps,
  packages: ['hello'],
  fromCache: false,
})
const label = (index: number): StepLabel => ({ index, chain: 'package', step: `step-${index}` })

/** A build of three steps, photographed while it runs and afterwards. */
function film(columns: number, glyphs?: Glyphs): string {
  const { screen, clock, reporter } = terminal(columns, 24, glyphs)
  const frames: string[] = []
  const photograph = (): void => void frames.push(screen.text())
  reporter.onEvent(planned(3))
  reporter.onEvent({ kind: 'step-started', label: fetched })
  clock.advance(300)
  photograph()
  reporter.onEvent({ kind: 'step-progress', label: fetched, doneBytes: 700_000, totalBytes: 2_000_000 })
  clock.advance(1200)
  photograph()
  reporter.onEvent({ kind: 'step-finished', label: fetched, from: 'run', durationMs: 1500 })
  reporter.onEvent({ kind: 'step-started', label: made })
  reporter.onEvent({
    kind: 'step-log',
    label: made,
    line: 'gcc -DLOCALEDIR="/usr/share/locale" -I. -I./lib -g -O2 -MT src/hello.o -c -o src/hello.o src/hello.c',
  })
  clock.advance(12_000)
  photograph()
  reporter.onEvent({
    kind: 'step-failed',
    label: made,
    error: exited,
    logFile: '/logs/a.log',
    logTail: ['make: *** [all] Error 2'],
    durationMs: 12_000,
  })
  reporter.onEvent({ kind: 'step-skipped', label: installed, becauseOf: made })
  reporter.onEvent({ kind: 'finished', ran: 1, found: 0, failed: 1, processes: 1, durationMs: 13_500 })
  reporter.close()
  photograph()
  return frames.join(`${'~'.repeat(columns)}\n`)
}

test('a build looks as the golden files say, on wide and narrow terminals', () => {
  for (const columns of [40, 80, 120])
    matchesGolden(join(import.meta.dirname, 'golden', `live-${columns}.txt`), film(columns))
  matchesGolden(join(import.meta.dirname, 'golden', 'live-ascii.txt'), film(80, asciiGlyphs))
})

test('an ASCII terminal gets ASCII alone, except where text is cut', () => {
  assert(/^[\n -~…]*$/.test(film(80, asciiGlyphs)))
})

test('no line of a frame is as wide as the terminal, however narrow', () => {
  for (let columns = 1; columns < 100; columns++) {
    const { screen, clock, reporter } = terminal(columns)
    reporter.onEvent(planned(1000))
    reporter.onEvent({
      kind: 'step-started',
      label: { index: 7, chain: 'a-rather-long-package-name-漢字', step: 'configure' },
    })
    reporter.onEvent({ kind: 'step-log', label: label(7), line: '漢字'.repeat(100) })
    clock.advance(100)
    for (const line of screen.lines)
      assert(columnsOf(line) < Math.max(columns, 1) || line === '', `${columns}: ${line}`)
  }
})

test('however many steps run, a frame fits the height of the terminal', () => {
  for (const rows of [5, 10, 24]) {
    const { screen, clock, reporter } = terminal(80, rows)
    reporter.onEvent(planned(100))
    for (let i = 0; i < 50; i++) reporter.onEvent({ kind: 'step-started', label: label(i) })
    clock.advance(100)
    assert(screen.lines.length <= rows, `${screen.lines.length} lines on ${rows} rows`)
    assert(screen.text().includes('more'))
  }
})

test('events between two ticks of the clock are written once', () => {
  const { screen, clock, reporter } = terminal(80)
  reporter.onEvent(planned(1))
  reporter.onEvent({ kind: 'step-started', label: made })
  const before = screen.writes
  for (let i = 0; i < 1000; i++) reporter.onEvent({ kind: 'step-log', label: made, line: `line ${i}` })
  assert.equal(screen.writes, before)
  clock.advance(100)
  assert.equal(screen.writes, before + 1)
  assert(screen.text().includes('line 999'))
})

test('the cursor is hidden only while steps run', () => {
  const { screen, reporter } = terminal(80)
  reporter.onEvent(planned(1))
  assert(screen.cursorShown)
  reporter.onEvent({ kind: 'step-started', label: made })
  assert(!screen.cursorShown)
  reporter.close()
  assert(screen.cursorShown)
})

test('an unchanged build is one line and never touches the cursor', () => {
  const { screen, clock, reporter } = terminal(80)
  reporter.onEvent(planned(2))
  reporter.onEvent({ kind: 'step-finished', label: fetched, from: 'store', durationMs: 0 })
  reporter.onEvent({ kind: 'step-finished', label: made, from: 'store', durationMs: 0 })
  reporter.onEvent({ kind: 'finished', ran: 0, found: 2, failed: 0, processes: 0, durationMs: 10 })
  assert.equal(screen.text(), 'nothing to do: 2 steps found in the store, no process started\n')
  assert.equal(screen.writes, 1)
  assert.equal(clock.ticks.length, 0)
})

test('a log cannot move the cursor or clear the screen', () => {
  const { screen, clock, reporter } = terminal(80)
  reporter.onEvent(planned(1))
  reporter.onEvent({ kind: 'step-started', label: made })
  reporter.onEvent({ kind: 'step-log', label: made, line: 'x\u001b[10A\u001b[2J\ny\u001b[?25h' })
  clock.advance(100)
  assert(!screen.cursorShown)
  assert(screen.text().includes('xy'))
})

test('what the terminal echoes in between does not displace a frame', () => {
  const { screen, clock, reporter } = terminal(80)
  reporter.onEvent(planned(1))
  reporter.onEvent({ kind: 'step-started', label: made })
  clock.advance(100)
  screen.write('^C')
  reporter.onEvent({ kind: 'warning', message: 'interrupted' })
  clock.advance(100)
  assert.match(screen.text(), /^warning: interrupted\n\S hello@make/)
})

test('after it is closed nothing is written any more', () => {
  const { screen, clock, reporter } = terminal(80)
  everyEvent.slice(0, 8).forEach(reporter.onEvent)
  reporter.close()
  const { writes } = screen
  everyEvent.forEach(reporter.onEvent)
  reporter.close()
  clock.advance(1000)
  assert.equal(screen.writes, writes)
})
