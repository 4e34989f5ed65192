// store-text.ts — what tenon store found or did, for people.
import type { PathInfo } from '../../commands/store/path-info.ts'
import type { ListedObject, StoreUsage } from '../../commands/store/objects.ts'
import type { Collection, Problem, Repaired, Verified } from '../../commands/store/upkeep.ts'
import { countText, durationText, sizeText } from '../../report/amounts.ts'
import { textTable } from './text-table.ts'

export function listText(objects: readonly ListedObject[]): string {
  const rows = objects.map(({ path, kind, contentBytes, references, usedAt }) => [
    path,
    kind,
    sizeText(contentBytes),
    countText(references.length, 'reference'),
    ageText(usedAt),
  ])
  return rows.length === 0
    ? 'the store is empty\n'
    : textTable(['object', '', 'size', 'refers to', 'used'], rows)
}

export function usageText(usage: StoreUsage): string {
  const rows = usage.packages.map(({ package: name, objects, contentBytes }) => [
    name ?? '(sources and downloads)',
    countText(objects, 'object'),
    sizeText(contentBytes),
  ])
  const saved = usage.namedBytes - usage.contentBytes
  const shared =
    saved > 0 ? `; what results have in common is stored once: that saves ${sizeText(saved)}` : ''
  return `${textTable(['package', 'objects', 'size'], rows)}\n${countText(usage.objects, 'object')}, ${sizeText(usage.contentBytes)}${shared}\n`
}

export function pathInfoText(info: PathInfo): string {
  const { object, physical, layers, below, above, referrers, closure, roots, madeBy } = info
  const lines: readonly (readonly [string, readonly string[]])[] = [
    ['files', physical === null ? [] : [physical]],
    ['layers', layers === null ? [] : [`${layers.count}, ${sizeText(layers.ownBytes)} in its own`]],
    ['stands on', below === null ? [] : [below]],
    ['below', above],
    ['kind', [object.kind + (object.executable ? ', executable' : '')]],
    ['digest', [`sha256:${object.digest}`]],
    ['size', [sizeText(object.contentBytes)]],
    ['refers to', [...(object.selfReferences ? ['itself'] : []), ...object.references]],
    ['closure', [`${countText(closure.objects, 'object')}, ${sizeText(closure.contentBytes)}`]],
    ['referred to by', referrers],
    ['kept by', roots.length === 0 ? ['no result link: tenon store gc would remove it'] : roots],
    ['made by', madeBy.map(madeByText)],
  ]
  const text = lines.flatMap(([name, values]) =>
    values.map((value, i) => `  ${(i === 0 ? name : '').padEnd(15)} ${value}\n`),
  )
  return `${object.path}\n${text.join('')}`
}

function madeByText({ key, chain, step, rung, at, durationMs }: PathInfo['madeBy'][number]): string {
  const name = chain === null ? 'a fetch' : `${chain}@${step ?? ''}`
  return `${name}, ${at}, in ${durationText(durationMs)} (${rung}), action ${key}`
}

export function verifiedText(found: Verified & { readonly repaired: Repaired | null }): string {
  const { objects, bytes, results, problems, leftovers, repaired } = found
  const counts = `${countText(objects, 'object')} (${sizeText(bytes)}) and ${countText(results, 'result')}`
  const lines = [
    ...problems.flatMap(problemLines),
    problems.length === 0
      ? `all is well: ${counts}`
      : `${countText(problems.length, 'problem')} in ${counts}`,
    ...(leftovers.length > 0
      ? [
          `${countText(leftovers.length, 'leftover')} of builds that were cut off; tenon store gc removes them`,
        ]
      : []),
    ...(repaired === null ? [] : repairedLines(repaired)),
    ...(problems.length > 0 && repaired === null
      ? ['tenon store verify --repair removes what is damaged, so that the next build makes it again']
      : []),
  ]
  return lines.join('\n') + '\n'
}

function problemLines(problem: Problem): readonly string[] {
  if (problem.kind === 'result') return [`damaged result ${problem.file}: ${problem.reason}`]
  return [
    `damaged object ${problem.files}: ${problem.reason}`,
    ...problem.touched.map((file) => `  written to: ${file}`),
  ]
}

function repairedLines({ removed, removedResults, inUse }: Repaired): readonly string[] {
  const taken = `removed ${countText(removed.length, 'object')} and ${countText(removedResults, 'result')}`
  if (inUse.length === 0) return [`${taken}; the next build makes them again`]
  return [
    ...(removedResults > 0 ? [taken] : []),
    'objects were left alone, because a running build uses some; repair again when it has ended:',
    ...inUse.map((path) => `  ${path}`),
  ]
}

export function collectionText(collection: Collection, dryRun: boolean): string {
  const { removed, removedBytes, removedResults, removedLogs, keptObjects, keptBytes } = collection
  const lost = collection.lostRoots.map((link) => `no result link any more: ${link}`)
  const listed = dryRun ? removed.map(({ path, contentBytes }) => `${path} (${sizeText(contentBytes)})`) : []
  const counts = [
    `${countText(removed.length, 'object')} (${sizeText(removedBytes)})`,
    countText(removedResults, 'result'),
    countText(removedLogs, 'log'),
  ].join(', ')
  const kept = `${countText(keptObjects, 'object')} (${sizeText(keptBytes)}) for ${countText(collection.roots.length, 'result link')}`
  return (
    [...lost, ...listed, `${dryRun ? 'would remove' : 'removed'} ${counts}; kept ${kept}`].join('\n') + '\n'
  )
}

const DAY_MS = 24 * 3600_000

function ageText(at: string): string {
  const ageMs = Date.now() - Date.parse(at)
  if (ageMs >= DAY_MS) return `${countText(Math.floor(ageMs / DAY_MS), 'day')} ago`
  return ageMs >= 3600_000 ? `${countText(Math.floor(ageMs / 3600_000), 'hour')} ago` : 'within the hour'
}
