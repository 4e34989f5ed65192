// host-tools.test.ts — what of the machine a step sees and what of that is in its key.
import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { readPackageDatabase } from '../../../runtime/sandbox/host/dpkg.ts'
import { FoundFiles } from '../../../runtime/sandbox/host/found-files.ts'
import { hostView } from '../../../runtime/sandbox/host-tools.ts'
import { probeRungs } from '../../../runtime/sandbox/rungs.ts'
import { SandboxFixture } from './sandbox-fixture.ts'

const fixture = new SandboxFixture({ isNew: true })
const { rung } = (await probeRungs(fixture.home)).find(({ works }) => works) ?? { rung: 'plain' }
const { sh } = fixture.on(rung)
const noDpkg = existsSync('/var/lib/dpkg/status') ? false : 'this machine has no Debian package database'
const missing = (...commands: readonly string[]): string | false => {
  const absent = commands.filter((name) => !existsSync(`/usr/bin/${name}`))
  return absent.length > 0 ? `not installed: ${absent.join(', ')}` : false
}
const SOURCES = new URL('../../../runtime/sandbox/', import.meta.url).pathname

interface Fingerprint {
  readonly packages?: readonly { readonly name: string; readonly version: string; readonly arch: string }[]
  readonly files?: readonly { readonly path: string; readonly digest: string }[]
  readonly commands?: Readonly<Record<string, string>>
  readonly node?: { readonly version: string; readonly digest: string }
}
const fingerprint = async (commands: readonly string[], interpreter: 'sh' | 'node'): Promise<Fingerprint> =>
  (await hostView(fixture.home, commands, interpreter)).fingerprint as Fingerprint // the shape host-tools.ts gives it

describe('on a machine with a package database', { skip: noDpkg }, () => {
  test('declared tools make a program from C and run it', { skip: missing('cc', 'make') }, async () => {
    const { document, log } = await sh(
      `printf '#include <stdio.h>\\n#include <math.h>\\nint main(int c, char **v) { printf("%%.1f\\\\n", sqrt(c * 4.0)); return 0; }\\n' >a.c
      printf 'a: a.c\\n\\tcc -O2 -o a a.c -lm\\n' >Makefile; make; output said "$(./a)"`,
      { commands: ['cc', 'make'] },
    )
    assert.deepEqual(document, { said: '2.0' }, log)
  })
  test(
    'the fingerprint names the packages behind a command with their installed versions',
    { skip: missing('make') },
    async () => {
      const { packages = [], commands = {}, files } = await fingerprint(['make'], 'sh')
      for (const name of ['make', 'dash', 'libc6']) {
        const installed = execFileSync('dpkg-query', ['-W', '-f', '${Version} ${Architecture}\n', name], {
          encoding: 'utf8',
        })
        const found = packages.find((one) => one.name === name)
        assert(installed.split('\n').includes(`${found?.version} ${found?.arch}`), name)
      }
      assert(!packages.some(({ name }) => name === 'gcc'))
      assert.equal(commands['make'], '/usr/bin/make')
      assert.deepEqual(files, [])
    },
  )
  test(
    'a command behind an alternative is named by the program it leads to',
    { skip: missing('cc') },
    async () => {
      const { commands = {} } = await fingerprint(['cc'], 'sh')
      assert.match(commands['cc'] ?? '', /^\/usr\/bin\/.*(gcc|clang)/)
    },
  )
  test('the fingerprint of a module without tools is that of its Node alone', async () => {
    const { node, ...rest } = await fingerprint([], 'node')
    assert.deepEqual(rest, {})
    assert.equal(node?.version, process.version)
    assert.match(node?.digest ?? '', /^[0-9a-f]{64}$/)
  })
  test('its view holds the libraries of Node and no program', async () => {
    const { directory } = await hostView(fixture.home, [], 'node')
    assert(
      readdirSync(
        join(directory, 'usr/lib', process.arch === 'x64' ? 'x86_64-linux-gnu' : 'aarch64-linux-gnu'),
      ).includes('libc.so.6'),
    )
    for (const name of ['sh', 'ls', 'cc', 'node']) assert(!existsSync(join(directory, 'usr/bin', name)), name)
  })
  test('equal closures share one view, whatever the order and number of names', async () => {
    const views = await Promise.all(
      [['sed', 'ls'], ['ls', 'sed', 'ls'], []].map((names) => hostView(fixture.home, names, 'sh')),
    )
    assert.equal(new Set(views.map(({ directory }) => directory)).size, 1)
  })
  test('files of a view can be written by nobody, have no setuid bit and one time', async () => {
    const { directory } = await hostView(fixture.home, [], 'sh')
    const { mode, mtimeMs } = statSync(join(directory, 'usr/bin/cat'))
    assert.deepEqual([mode & 0o7777, mtimeMs], [0o555, 315532800000])
    assert(!existsSync(join(directory, 'usr/share/doc')) && !existsSync(join(directory, 'usr/share/man')))
  })
  test('processes that make one view at the same time all get it complete', async () => {
    const home = join(fixture.home, 'shared')
    const program = `const { hostView } = await import(${JSON.stringify(join(SOURCES, 'host-tools.ts'))})
      console.log((await hostView(${JSON.stringify(home)}, [], 'sh')).directory)`
    const run = promisify(execFile)
    const outputs = await Promise.all(
      [1, 2, 3].map(() => run(process.execPath, ['--input-type=module', '-e', program])),
    )
    assert.equal(new Set(outputs.map(({ stdout }) => stdout)).size, 1)
    assert.equal(readdirSync(join(home, 'cache/views')).length, 1)
    assert.deepEqual(
      readdirSync(join(home, 'cache/packages')).filter((name) => name.includes('.part-')),
      [],
    )
  })
  test('a view that was deleted is made again', async () => {
    const { directory } = await hostView(fixture.home, [], 'sh')
    execFileSync('rm', ['-rf', directory])
    const program = `const { hostView } = await import(${JSON.stringify(join(SOURCES, 'host-tools.ts'))})
      await hostView(${JSON.stringify(fixture.home)}, [], 'sh')`
    execFileSync(process.execPath, ['--input-type=module', '-e', program])
    assert(existsSync(join(directory, 'usr/bin/cat')))
  })
  test('a program that no package owns counts by its content, its libraries by their packages', () => {
    const folder = join(fixture.home, 'own')
    mkdirSync(folder)
    copyFileSync('/usr/bin/sed', join(folder, 'mine'))
    const found = new FoundFiles(readPackageDatabase())
    found.addCommand(join(folder, 'mine'))
    assert.deepEqual([...found.files], [join(folder, 'mine')])
    assert.deepEqual([...found.links], [['/usr/bin/mine', join(folder, 'mine')]])
    assert(['libc6', 'libacl1'].every((name) => [...found.packages].some((one) => one.name === name)))
  })
  test(
    'a script that no package owns brings its interpreter, also one found by env',
    { skip: missing('perl') },
    () => {
      for (const [line, owner] of [
        ['#!/bin/sh', 'dash'],
        ['#!/usr/bin/env perl', 'perl-base'],
      ] as const) {
        const script = join(fixture.home, 'script')
        writeFileSync(script, `${line}\n`)
        chmodSync(script, 0o755)
        const found = new FoundFiles(readPackageDatabase())
        found.addCommand(script)
        assert(
          [...found.packages].some(({ name }) => name === owner),
          line,
        )
      }
    },
  )
})

test('a command that is not on the machine is an error that names a package', async () => {
  await assert.rejects(hostView(fixture.home, ['no-such-command'], 'sh'), {
    code: 'TN3100',
    hint: /apt-get install no-such-command/,
  })
})
for (const name of ['', '/usr/bin/cc', '..', 'cc -O2', 'a\nb'])
  test(`${JSON.stringify(name)} is refused as the name of a command`, async () => {
    await assert.rejects(hostView(fixture.home, [name], 'sh'), { code: 'TN3101' })
  })

const hidden = ['-Urm', 'sh', '-c', 'mount -t tmpfs none /var/lib/dpkg && exec "$@"', 'sh']
function canHide(): string | false {
  try {
    execFileSync('unshare', [...hidden, 'true'], { stdio: 'pipe' })
    return false
  } catch (error) {
    return `the package database can't be hidden here: ${String(error)}`
  }
}
test(
  'without a package database the whole of /usr is seen, and the fingerprint says so',
  { skip: noDpkg || canHide() },
  () => {
    const home = join(fixture.home, 'whole')
    const program = `const { hostView } = await import(${JSON.stringify(join(SOURCES, 'host-tools.ts'))})
    const { SandboxFixture } = await import(${JSON.stringify(join(import.meta.dirname, 'sandbox-fixture.ts'))})
    const { probeRungs } = await import(${JSON.stringify(join(SOURCES, 'rungs.ts'))})
    const fixture = new SandboxFixture({ isNew: true })
    const { rung } = (await probeRungs(fixture.home)).find(({ works }) => works)
    const { fingerprint, wholeUsr } = await hostView(${JSON.stringify(home)}, ['sed'], 'sh')
    const { document } = await fixture.on(rung).sh('output found "$(echo x | sed s/x/seen/)"')
    console.log(JSON.stringify({ fingerprint, wholeUsr, document, rung }))`
    const output = execFileSync(
      'unshare',
      [...hidden, process.execPath, '--input-type=module', '-e', program],
      { encoding: 'utf8' },
    )
    const {
      fingerprint: found,
      wholeUsr,
      document,
    } = JSON.parse(output) as {
      fingerprint: Fingerprint & { whole?: boolean }
      wholeUsr: boolean
      document: unknown
    } // what the program prints
    assert.deepEqual([found.whole, wholeUsr, found.packages], [true, true, []])
    assert(found.files?.some(({ path }) => path === '/usr/bin/sed'))
    assert(found.files?.some(({ path }) => path.includes('libc.so.6')))
    assert.deepEqual(document, { found: 'seen' })
  },
)
