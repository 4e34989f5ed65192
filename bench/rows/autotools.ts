// autotools.ts — GNU hello through stored steps, against the same commands in a plain shell.
import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Row } from '../measure/bench.ts'
import { interleave, type Side } from '../measure/rounds.ts'
import { ratio } from '../measure/row.ts'
import { settle } from '../measure/settle.ts'
import { timed } from '../measure/timed-process.ts'
import { Workspace } from '../measure/workspace.ts'

const buildFile = `import { chain } from 'tenon'
import { checkStep, configure, fetchUrl, make, makeInstall, runProgram, unpack } from 'tenon/steps'

export default chain(
  'hello',
  fetchUrl({
    url: 'https://ftp.gnu.org/gnu/hello/hello-2.10.tar.gz',
    mirrors: ['https://ftpmirror.gnu.org/gnu/hello/hello-2.10.tar.gz'],
    hash: 'sha256-MeBmE3qWJnbon2nRtlOC3pWn732RS4y5VvQepy4PUWs=',
  }),
  unpack(),
  configure({ flags: ['--disable-nls'] }),
  make(),
  checkStep(),
  makeInstall(),
  runProgram({ program: 'bin/hello' }),
)
`

const SCRIPT = `set -e
tar xzf "$1"
cd hello-2.10
./configure --prefix="$2" --disable-nls
make -j"$3"
make -j"$3" check
make install
"$2/bin/hello"
`

/** The archive is in the store before the clock starts: the network is not what is measured. */
function fetchArchive(workspace: Workspace): string {
  const sources = process.env['TENON_TEST_SOURCES']
  const mirrors = sources === undefined ? [] : ['--mirror', `https://ftp.gnu.org/gnu/hello/=${sources}`]
  const { stdout } = workspace.build(['@fetch-url', '--no-link', ...mirrors])
  const document = JSON.parse(stdout) as { readonly file: string } // what the step fetch-url gives
  return document.file
}

function tenonSide(workspace: Workspace): Side {
  workspace.build(['@configure', '--no-link']) // so that the host's tools are viewed
  return {
    label: 'tenon',
    prepare: () => {
      workspace.emptyStore()
      fetchArchive(workspace)
    },
    run: () => workspace.build(['--no-link']).durationMs,
  }
}

function shellSide(directory: string, archive: string): Side {
  const [copy, work] = [join(directory, 'hello.tar.gz'), join(directory, 'shell')]
  copyFileSync(archive, copy)
  const words = [copy, join(work, 'prefix'), String(availableParallelism())]
  const env = { PATH: process.env['PATH'], HOME: work, LC_ALL: 'C.UTF-8', TZ: 'UTC' }
  return {
    label: 'plain shell',
    prepare: () => {
      rmSync(work, { recursive: true, force: true })
      mkdirSync(work)
      settle()
    },
    run: () => timed('sh', ['-c', SCRIPT, 'sh', ...words], { cwd: work, env }).durationMs,
  }
}

function sidesOf(directory: string): readonly Side[] {
  const workspace = new Workspace(join(directory, 'tenon'))
  workspace.write({ 'build.ts': buildFile })
  let archive: string
  try {
    archive = fetchArchive(workspace)
  } catch (error) {
    const reason = `the archive could not be fetched: ${String(error).replaceAll(/\s+/g, ' ').slice(0, 300)}`
    return ['tenon', 'plain shell'].map((label) => ({ label, missing: reason }))
  }
  return [tenonSide(workspace), shellSide(directory, archive)]
}

export const autotools: Row = {
  name: 'autotools',
  title: 'GNU hello: unpack, configure, make, check, install, run, each stored',
  measure: (bench) => {
    const figures = interleave(sidesOf(bench.directory), bench.rounds(3))
    const [tenon, shell] = figures
    const claims = tenon && shell ? [ratio(tenon, shell, { better: 'lower', target: 1.05 })] : []
    return { figures, claims }
  },
}
