// place.ts — lays out a step's place: everything it will see, and what is mounted where. Starts nothing.
import { copyFileSync, existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { canonicalOnce } from '../../../dsl/plan/json.ts'
import type { ModuleInterpreter } from '../../../dsl/plan/plan.ts'
import { wholeMounts } from '../host/root.ts'
import { nodeInterpreterDirectory } from '../interpreter/node.ts'
import { shellMain } from '../interpreter/sh.ts'
import { quickjsInterpreterDirectory } from '../quickjs/program.ts'
import { toPhysical } from './path-translation.ts'
import { BUILD_DIRECTORY, hasOwnRoot, type Mount } from '../rung/rung.ts'
import { MountPoints } from './mount-points.ts'
import { isPlain, type PlainWorkTree, type StepPlace, type StepSpec } from './spec.ts'

const STORE_DIRECTORY = '/tenon/store'
const STEP_DIRECTORY = '/tenon/step'
const SHELL_MAIN = `${STEP_DIRECTORY}/main.sh`
export const INTERPRETER = '/tenon/interpreter'
const NODE = `${INTERPRETER}/node`
const DEVICES = ['null', 'zero', 'full', 'random', 'urandom']

/** `memory`: another folder, for what Tenon itself writes for each step. */
export function makeStepPlace(directory: string, memory = directory): StepPlace {
  const [build, tmp, store] = ['build', 'tmp', 'store'].map((name) => join(directory, name)) as Three
  const [step, control] = [join(memory, 'step'), join(memory, 'control')]
  for (const each of [build, tmp, store, step, control]) mkdirSync(each)
  return {
    build,
    tmp,
    store,
    step,
    control,
    mountPoints: new MountPoints(join(directory, 'spare')),
    hasNoMarks: false,
  }
}
type Three = [string, string, string] // as many as go in

/** Where an output is on this machine, if the step made it. */
export function outputAt(place: StepPlace, path: string): string {
  return join(place.store, basename(path))
}

/** @throws CodedError TN3011 when a value can't be a shell variable. */
export function prepareStepPlace(spec: StepSpec): void {
  const { place } = spec
  place.hasNoMarks = false
  mkdirSync(join(place.step, 'out'))
  writeFileSync(join(place.step, 'request.json'), canonicalOnce(toPhysical(spec, spec.request)))
  writeInterpreterFiles(spec, place)
  if (!hasOwnRoot(spec.rung)) {
    for (const { path, physical } of plainWorkTrees(spec))
      symlinkSync(physical, join(place.build, basename(path)))
    return
  }
  for (const { path } of spec.workTrees) mkdirSync(join(place.build, basename(path)))
  for (const { path, kind } of spec.inputs)
    place.mountPoints.make(join(place.store, basename(path)), kind === 'tree' ? 'folder' : 'file')
}

function writeInterpreterFiles(spec: StepSpec, place: StepPlace): void {
  switch (spec.interpreter) {
    case 'node':
      writeBody(spec, join(place.step, 'body.js'))
      // So that no package.json above the scratch decides what the body's syntax is.
      if (!hasOwnRoot(spec.rung)) writeFileSync(join(place.step, 'package.json'), '{}')
      break
    case 'quickjs':
      writeBody(spec, join(place.step, 'body.js'))
      break
    case 'sh': {
      writeBody(spec, join(place.step, 'body.sh'))
      // The script is text with paths in it, so a rung that moves paths moves them here too.
      const paths = { step: STEP_DIRECTORY, build: '/build' }
      const moved = toPhysical(spec, paths) as typeof paths // same shape: only strings are changed
      writeFileSync(join(place.step, 'main.sh'), shellMain(toPhysical(spec, spec.request), moved))
      break
    }
  }
}

function writeBody({ body }: StepSpec, at: string): void {
  if (body.kind === 'module') copyFileSync(body.file, at)
  else writeFileSync(at, body.text)
}

/** Those that any rung can provide. Layered ones are the supervisor's to mount. */
function plainWorkTrees(spec: StepSpec): readonly PlainWorkTree[] {
  const plain = spec.workTrees.filter(isPlain)
  if (plain.length < spec.workTrees.length && spec.rung !== 'supervisor')
    throw new TypeError(`the ${spec.rung} sandbox provides no work trees in layers`)
  return plain
}

/** What is mounted over the host view, in order. */
export function mountsOf(spec: StepSpec, place: StepPlace): readonly Mount[] {
  return [...viewMounts(spec), ...ownMounts(spec, place)]
}

/** The same for steps of one kind. */
export function viewMounts(spec: StepSpec): readonly Mount[] {
  return [
    ...rootMounts(spec.view.wholeUsr),
    ...(spec.network ? NETWORK_FILES.flatMap(networkMount) : []),
    ...interpreterMounts(spec),
  ]
}

export function ownMounts(spec: StepSpec, place: StepPlace): readonly Mount[] {
  const writable = (source: string, target: string): Mount => ({ source, target, access: 'writable' })
  return [
    writable(place.tmp, '/tmp'),
    writable(place.build, BUILD_DIRECTORY),
    writable(place.step, STEP_DIRECTORY),
    writable(place.store, STORE_DIRECTORY),
    ...plainWorkTrees(spec).map(({ path, physical }) => writable(physical, path)),
    ...spec.inputs.map(({ path, physical }): Mount => ({
      source: physical,
      target: path,
      access: 'read-only',
    })),
  ]
}

function interpreterMounts({ interpreter, home }: StepSpec): readonly Mount[] {
  if (interpreter === 'sh') return []
  const folder = {
    source: interpreterDirectory(interpreter, home),
    target: INTERPRETER,
    access: 'read-only',
  } as const
  if (interpreter === 'quickjs') return [folder]
  return [folder, { source: realpathSync(process.execPath), target: NODE, access: 'read-only' }]
}

export function interpreterDirectory(interpreter: ModuleInterpreter, home: string): string {
  return interpreter === 'node' ? nodeInterpreterDirectory(home) : quickjsInterpreterDirectory(home)
}

function rootMounts(wholeUsr: boolean): readonly Mount[] {
  const devices = DEVICES.map((name): Mount => ({
    source: `/dev/${name}`,
    target: `/dev/${name}`,
    access: 'device',
  }))
  return wholeUsr ? [...wholeMounts(), ...devices] : devices
}

const NETWORK_FILES = ['/etc/resolv.conf', '/etc/hosts', '/etc/ssl/certs/ca-certificates.crt']

function networkMount(file: string): Mount[] {
  return existsSync(file) ? [{ source: realpathSync(file), target: file, access: 'read-only' }] : []
}

/** The command that runs the body, as the step sees paths. */
export function interpreterCommand(spec: StepSpec): readonly string[] {
  switch (spec.interpreter) {
    case 'node': // V8's seed for string hashes decides nothing that lasts; making a new one costs a third of the start
      return [NODE, '--no-warnings', '--no-rehash-snapshot', `${INTERPRETER}/node-runner.cjs`, STEP_DIRECTORY]
    case 'quickjs':
      return [...spec.view.quickjs, `${INTERPRETER}/quickjs-runner.mjs`, STEP_DIRECTORY]
    case 'sh':
      return ['/bin/sh', SHELL_MAIN]
  }
}

/** The same, started before the step's own mounts are there: it stops itself, and goes on in them when it is continued. */
export function waitingCommand(spec: StepSpec): readonly string[] {
  switch (spec.interpreter) {
    case 'node':
    case 'quickjs':
      return [...interpreterCommand(spec), 'stop']
    case 'sh':
      return ['/bin/sh', '-c', `kill -STOP $$; cd ${BUILD_DIRECTORY}; . "$0"`, SHELL_MAIN]
  }
}
