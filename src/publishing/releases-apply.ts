import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { newId } from '../platform/ids.ts'
import type { Tables } from '../platform/tables.ts'
import { effectOf } from './effect.ts'
import { endingOf, itemOf, numberOf, revisionKey } from './plan.ts'
import { check, type Checked, inOrder } from './releases-check.ts'
import { createReleaseDrop } from './releases-drop.ts'
import { type Held, itemEvent, releaseEvent } from './releases-parts.ts'
import { createExecutionRepository, type Ended } from './repository-execution.ts'
import { createPublications, type NewPublication } from './repository-publications.ts'
import { createReleaseRepository, type Release } from './repository-releases.ts'
import { type Change, type EventRow, settle, tell } from './repository-settle.ts'
import { type ContentTypes, laneOfType, subjectOf } from './types.ts'

export type ReleaseApply = ReturnType<typeof createReleaseApply>

/** What a release does to its items, all or none, inside the caller's transaction. */
export const createReleaseApply = ({ tables: t, types }: { tables: Tables; types: ContentTypes }) => {
  const repository = createReleaseRepository(t)
  const execution = createExecutionRepository(t)
  const publications = createPublications(t)

  const apply = {
    /** Locks what a release is about, in the order of all locks. */
    async hold(tx: Database, release: Release, now: Date): Promise<Held> {
      const contents = await repository.lockItems(tx, release.projectId, release.items)
      const pending = release.state === 'scheduled' ? await repository.lockPublications(tx, release.id) : []
      return {
        release,
        now,
        contents: new Map(contents.map((content) => [subjectOf(content), content])),
        publications: new Map(pending.map((p) => [subjectOf(itemOf(p)), p])),
      }
    },

    /** The whole of it, before anything is written. */
    async check(tx: Database, { release, contents, publications: pending }: Held): Promise<Checked> {
      const wanted = release.items.flatMap((item) => {
        const content = contents.get(subjectOf(item))
        return content === undefined || item.action !== 'publish'
          ? []
          : [{ key: content.key, number: numberOf(content, item) }]
      })
      const revisions = new Map(
        (await execution.revisions(tx, wanted)).map((r) => [revisionKey(r.key, r.number), r]),
      )
      const checked = check(types, release.items, contents, revisions)
      if (release.state !== 'scheduled') return checked
      const errors = release.items.flatMap((item, i) => {
        if (pending.has(subjectOf(item)) || !contents.has(subjectOf(item))) return []
        const message = {
          en: `${subjectOf(item)} was deleted or archived after this was scheduled`,
          ko: `예약된 뒤에 ${subjectOf(item)} 항목이 삭제되거나 보관되었습니다.`,
        }
        return [{ path: `items[${i}].id`, message }]
      })
      return { ready: checked.ready, errors: [...checked.errors, ...errors] }
    },

    /** Plants what was checked: from now on the release is frozen, each item with the revision that it has now. */
    async schedule(
      tx: Database,
      by: By,
      held: Held,
      { ready }: Checked,
      to: { publishAt: unknown; dueAt: Date; maxLateSeconds: number | null },
    ): Promise<void> {
      const { release } = held
      const items = ready.map(({ item, content }) => ({
        ...item,
        contentKey: content.key,
        revision: item.action === 'publish' ? numberOf(content, item) : null,
      }))
      const rows = items.map(({ type, id, locale, action, revision, contentKey }): NewPublication => ({
        ...{ id: newId(), projectId: release.projectId, type, resourceId: id, locale, action, revision },
        ...{ contentKey, lane: laneOfType(type), onEdit: 'pin', given: to.publishAt, dueAt: to.dueAt },
        ...{ maxLateSeconds: to.maxLateSeconds, releaseId: release.id, actor: by.actor },
      }))
      await publications.insert(tx, rows)
      await settle(
        tx,
        t,
        ready.map(({ content }) => ({ key: content.key })),
      )
      await repository.write(tx, release, {
        ...{
          items: items.map(({ contentKey: _contentKey, ...item }) => item),
          state: 'scheduled',
          reason: null,
          error: null,
          ...to,
          nextAt: to.dueAt,
        },
        ...{ failures: 0, lateMs: null, executedAt: null },
      })
      const dueAt = to.dueAt.toISOString()
      await tell(tx, t, [
        releaseEvent(release, 'release.scheduled', by, { dueAt, items: items.length }),
        ...ready.map(({ content, item }) =>
          itemEvent(release, content, 'content.scheduled', by, {
            before: [],
            after: [
              {
                action: item.action,
                revision: item.action === 'publish' ? numberOf(content, item) : null,
                dueAt,
              },
            ],
          }),
        ),
      ])
    },

    /** Does it: by its time (`by` null) or by hand. Returns what is said of each item. */
    async publish(tx: Database, by: By | null, held: Held, { ready }: Checked): Promise<string[]> {
      const { release, now, publications: pending } = held
      const keys = ready.map(({ content }) => content.key)
      // By its time it comes after what was due before it; by hand after all that is due by now.
      const dueAt = by === null ? (release.dueAt ?? now) : now
      const superseded = await repository.closeEarlier(tx, release.id, keys, dueAt)
      const lateMs = by === null && release.dueAt !== null ? now.getTime() - release.dueAt.getTime() : null
      const changes: Change[] = []
      const events: EventRow[] = []
      const ends: Ended[] = []
      const lines: string[] = []
      for (const { item, content, revision } of inOrder(types, ready)) {
        const publication = pending.get(subjectOf(item)) ?? null
        const { change, event } = effectOf(types, content, {
          ...{ action: item.action, revision, at: now, actor: by?.actor ?? null },
          ...{ publication: by === null ? publication : null, releaseId: release.id, superseded: [] },
        })
        changes.push(change)
        events.push(
          event ?? itemEvent(release, content, 'content.unscheduled', by, { reason: 'without effect' }),
        )
        if (publication !== null)
          ends.push(
            endingOf(publication, {
              ...{
                state: 'succeeded',
                reason: by === null ? null : 'by hand',
                revision: revision?.number ?? null,
              },
              ...{ executedAt: now, lateMs, outcome: 'delivered' },
            }),
          )
        if (event !== null) lines.push(`${subjectOf(content)} → ${event.type.slice('content.'.length)}`)
      }
      await execution.end(tx, ends, now)
      await settle(tx, t, changes)
      await repository.write(tx, release, {
        ...{ state: 'succeeded', reason: null, error: null, executedAt: now, lateMs, attempts: 1 },
        nextAt: null,
      })
      const data = { items: ready.length, publishedAt: now.toISOString(), lateMs, superseded }
      await tell(tx, t, [...events, releaseEvent(release, 'release.succeeded', by, data)])
      return lines
    },

    /** An operator's word on what has come to nothing: it is called off. Why it failed stays. */
    async resolve(tx: Database, by: By, release: Release, note: string | null): Promise<void> {
      await repository.write(tx, release, { state: 'canceled', reason: 'operator' })
      const data = { reason: 'operator', ...(note !== null && { note }) }
      await tell(tx, t, [releaseEvent(release, 'release.canceled', by, data)])
    },

    drop: createReleaseDrop(t),
  }
  return apply
}
