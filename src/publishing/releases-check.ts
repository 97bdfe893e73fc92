import type { FieldError } from '../platform/errors.ts'
import { YeyakError } from '../platform/errors.ts'
import type { Content } from './content-row.ts'
import { numberOf, revisionKey } from './plan.ts'
import type { RevisionOf } from './repository-execution.ts'
import type { ReleaseItem } from './repository-releases.ts'
import { type ContentTypes, subjectOf, unknownModel } from './types.ts'

/** One thing of a release that is ready to be done. */
export interface Ready {
  item: ReleaseItem
  content: Content
  /** What goes live; of a publish only. */
  revision: RevisionOf | null
}

export interface Checked {
  ready: Ready[]
  errors: FieldError[]
}

/** Faults that are told: a release of 500 bad items would say too much. */
const MOST_ERRORS = 100

const faultsOf = (path: string, validate: () => void): FieldError[] => {
  try {
    validate()
    return []
  } catch (error) {
    if (!(error instanceof YeyakError)) throw error
    return error.fieldErrors.map((fault) => ({ ...fault, path: `${path}.${fault.path}` }))
  }
}

/** Items named twice: at one instant only one thing can be done to one. */
export const repeated = (items: readonly ReleaseItem[]): FieldError[] => {
  const first = new Map<string, number>()
  return items.flatMap((item, i) => {
    const name = subjectOf(item)
    const before = first.get(name)
    if (before === undefined) {
      first.set(name, i)
      return []
    }
    const message = {
      en: `names ${name} again, as items[${before}] does`,
      ko: `items[${before}]와 같은 항목(${name})입니다.`,
    }
    return [{ path: `items[${i}].id`, message }]
  })
}

/** Depth below what a type depends on; types that depend on each other are taken as they come. */
const depthOf = (types: ContentTypes, name: string, above: readonly string[] = []): number => {
  const deps = (types.get(name)?.dependsOn ?? []).filter((other) => other !== name && !above.includes(other))
  return Math.max(0, ...deps.map((other) => 1 + depthOf(types, other, [...above, name])))
}

/** What others depend on comes first; what is taken away goes the other way round. */
export const inOrder = (types: ContentTypes, ready: readonly Ready[]): Ready[] => {
  const depths = new Map(types.names.map((name) => [name, depthOf(types, name)]))
  const rank = ({ item }: Ready) => {
    const depth = depths.get(item.type) ?? 0
    return item.action === 'publish' ? depth : -depth
  }
  return ready.toSorted((a, b) => rank(a) - rank(b))
}

/** Everything that keeps the items of a release from being done, by its path. Items are as they stand under their locks. */
export const check = (
  types: ContentTypes,
  items: readonly ReleaseItem[],
  contents: ReadonlyMap<string, Content>,
  revisions: ReadonlyMap<string, RevisionOf>,
): Checked => {
  const errors: FieldError[] = []
  const ready: Ready[] = []
  for (const [i, item] of items.entries()) {
    const path = `items[${i}]`
    const type = types.get(item.type)
    const content = contents.get(subjectOf(item))
    if (type === undefined) {
      errors.push({ path: `${path}.type`, message: unknownModel(item.type).detail })
      continue
    }
    if (content === undefined) {
      const name = subjectOf(item)
      errors.push({
        path: `${path}.id`,
        message: { en: `there is no ${name}`, ko: `${name} 항목이 없습니다.` },
      })
      continue
    }
    if (item.action !== 'publish') {
      ready.push({ item, content, revision: null })
      continue
    }
    const number = numberOf(content, item)
    const revision = revisions.get(revisionKey(content.key, number))
    if (revision === undefined) {
      const message = { en: `there is no revision ${number}`, ko: `리비전 ${number}이(가) 없습니다.` }
      errors.push({ path: `${path}.revision`, message })
      continue
    }
    const faults = faultsOf(path, () => type.validate(revision.data))
    errors.push(...faults)
    if (faults.length === 0) ready.push({ item, content, revision })
  }
  return { ready, errors: errors.slice(0, MOST_ERRORS) }
}
