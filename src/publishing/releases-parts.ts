import type { By } from '../platform/actor.ts'
import type { Content } from './content-row.ts'
import type { Release } from './repository-releases.ts'
import type { EventRow } from './repository-settle.ts'
import { subjectOf } from './types.ts'

/** A release with all that it is about, locked. */
export interface Held {
  release: Release
  now: Date
  contents: ReadonlyMap<string, Content>
  /** Pending ones, by the item. */
  publications: ReadonlyMap<string, { id: string; dueAt: Date }>
}

export const releaseEvent = (
  release: Release,
  type: string,
  by: By | null,
  data: Readonly<Record<string, unknown>>,
) => ({
  ...{ projectId: release.projectId, kind: 'release' as const, subjectId: release.id, type },
  ...{ actor: by?.actor ?? null, data: { title: release.title, ...data } },
})

/** Of one of its items. */
export const itemEvent = (
  release: Release,
  content: Content,
  type: string,
  by: By | null,
  data: object,
): EventRow => ({
  ...{ projectId: release.projectId, kind: 'content', subjectId: subjectOf(content), type },
  ...{ actor: by?.actor ?? null, data: { releaseId: release.id, ...data } },
})

/** Whether an operator's word settles it: it has come to nothing. What waits is canceled instead. */
export const isResolvable = ({ state }: Pick<Release, 'state'>): boolean =>
  state === 'failed' || state === 'missed'
