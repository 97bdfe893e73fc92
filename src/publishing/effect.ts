import type { Actor } from '../platform/actor.ts'
import type { Content } from './content-row.ts'
import type { Change, EventRow } from './repository-settle.ts'
import { type ContentTypes, subjectOf } from './types.ts'

export type Act = 'publish' | 'unpublish' | 'archive' | 'restore'

/** What is done to an item at an instant, by a publication or by hand. */
export interface Doing {
  action: Act
  /** What goes live; of a publish only. */
  revision: { number: number; data: Readonly<Record<string, unknown>>; sha256: string } | null
  at: Date
  actor: Actor | null
  /** Null where it was done by hand. */
  publication: { id: string; dueAt: Date } | null
  releaseId?: string
  /** Publications of the item that this made void. */
  superseded: readonly string[]
}

export interface Effect {
  change: Change
  /** Null where the item is as the action wants it already. */
  event: EventRow | null
}

export const DONE = {
  publish: 'published',
  unpublish: 'unpublished',
  archive: 'archived',
  restore: 'updated',
} as const satisfies Record<Act, string>

const isEffective = (item: Content, action: Act): boolean => {
  if (action === 'publish') return true
  if (action === 'unpublish') return item.liveRevision !== null
  return action === 'archive' ? item.status !== 'archived' : item.status === 'archived'
}

/** Of what the event of an effective transition tells, webhooks tell, too. */
export const effectOf = (types: ContentTypes, item: Content, doing: Doing): Effect => {
  const { action, revision, at, publication } = doing
  if (!isEffective(item, action)) return { change: { key: item.key }, event: null }
  const type = types.get(item.type)
  const slug = revision === null ? item.slug : (type?.slugOf(revision.data) ?? null)
  const number = revision?.number ?? item.liveRevision
  const scheduledFor = publication?.dueAt ?? null
  return {
    change: {
      ...{ key: item.key, action },
      ...(revision !== null && { revision: revision.number, at }),
    },
    event: {
      projectId: item.projectId,
      kind: 'content',
      subjectId: subjectOf(item),
      type: `content.${DONE[action]}`,
      actor: doing.actor,
      data: {
        ...{ type: item.type, id: item.id, locale: item.locale },
        ...{ revision: number, sha256: revision?.sha256 ?? null, before: item.liveRevision },
        scheduledFor: scheduledFor?.toISOString() ?? null,
        publishedAt: at.toISOString(),
        lateMs: scheduledFor === null ? null : at.getTime() - scheduledFor.getTime(),
        ...(type?.cacheHints(item, slug) ?? { tags: [], paths: [] }),
        publicationId: publication?.id ?? null,
        ...(doing.releaseId !== undefined && { releaseId: doing.releaseId }),
        ...(doing.superseded.length > 0 && { superseded: doing.superseded }),
      },
    },
  }
}
