// enter-step.test.ts — a person's shell in a step's place.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, test } from 'node:test'
import { probeRungs } from '../../../runtime/sandbox/rungs.ts'
import { PREFIX, SandboxFixture, sourceOf } from './sandbox-fixture.ts'

const fixture = new SandboxFixture()
const SOURCES = join(import.meta.dirname, '../../../runtime/sandbox')

for (const { rung, works, reason } of await probeRungs(fixture.home))
  describe(`on the ${rung} rung`, { skip: works ? false : `it does not work here: ${reason ?? ''}` }, () => {
    test('a shell has the step’s variables, files and folder, the caller’s input, and hands back its exit code', async () => {
      const spec = await fixture.spec(rung, 'sh', '', { input: { name: "it's" } })
      const directory = mkdtempSync(join(fixture.home, 'place-'))
      const command = [
        '/bin/sh',
        '-c',
        '. "$ENV"; echo "$in_name"; ls; cat; echo x >src/made; echo y >"$out_prefix"; exit 7',
      ]
      const program = `const { enterStep } = await import(${JSON.stringify(join(SOURCES, 'run-step.ts'))})
        const { makeStepPlace } = await import(${JSON.stringify(join(SOURCES, 'step/place.ts'))})
        const place = makeStepPlace(${JSON.stringify(directory)})
        process.exitCode = await enterStep({ ...${JSON.stringify(spec)}, place, signal: new AbortController().signal, onLine() {} }, ${JSON.stringify(command)})`
      const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
        encoding: 'utf8',
        input: 'typed\n',
      })
      assert.deepEqual([status, stdout], [7, "it's\nsrc\ntyped\n"], stderr)
      assert(existsSync(join(sourceOf(spec), 'made')))
      assert(existsSync(join(directory, 'store', basename(PREFIX))))
    })
  })
