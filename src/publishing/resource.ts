import type { Pending, Revision } from './content-row.ts'
import type { RevisionLine, Shown } from './repository-read.ts'

export const instant = (date: Date | null): string | null => date?.toISOString() ?? null

const toSchedule = (draftRevision: number, pending: readonly Pending[]) => {
  if (pending.length === 0) return null
  const publish = pending.find(({ action }) => action === 'publish')
  const unpublish = pending.find(({ action }) => action === 'unpublish')
  const revision = publish?.revision ?? null
  return {
    publishAt: publish?.given ?? instant(publish?.dueAt ?? null),
    unpublishAt: unpublish?.given ?? instant(unpublish?.dueAt ?? null),
    revision,
    onEdit: publish?.onEdit ?? pending[0]?.onEdit,
    maxLateSeconds: publish?.maxLateSeconds ?? null,
    draftAhead: revision !== null && revision < draftRevision,
    publications: pending.map(({ id, action, dueAt, revision: pinned, releaseId }) => ({
      ...{ id, action, dueAt: dueAt.toISOString(), state: 'scheduled' as const },
      ...{ revision: pinned, releaseId },
    })),
  }
}

/** An item as it is answered. `asOf`: as readers will see it then; what is due by then is behind it. */
export const toResource = (shown: Shown, data: Revision['data'], asOf: Date | null = null) => ({
  type: shown.type,
  id: shown.id,
  locale: shown.locale,
  status: asOf === null ? shown.status : ('published' as const),
  version: shown.version,
  draftRevision: shown.draftRevision,
  liveRevision: asOf === null ? shown.liveRevision : shown.shownRevision,
  data,
  publishedAt: instant(asOf === null ? shown.publishedAt : shown.shownSince),
  schedule: toSchedule(
    shown.draftRevision,
    shown.pending.filter(({ dueAt }) => asOf === null || dueAt > asOf),
  ),
  createdAt: shown.createdAt.toISOString(),
  updatedAt: shown.updatedAt.toISOString(),
})

export const toRevision = (
  { number, sha256, actor, createdAt }: RevisionLine,
  of: { draftRevision: number; liveRevision: number | null },
) => ({
  revision: number,
  sha256,
  isDraft: number === of.draftRevision,
  isLive: number === of.liveRevision,
  createdBy: actor === null ? null : { kind: actor.kind, id: actor.id },
  createdAt: createdAt.toISOString(),
})
