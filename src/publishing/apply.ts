import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Content } from './content-row.ts'
import { type Act, effectOf } from './effect.ts'
import { type Closed, createPublications } from './repository-publications.ts'
import { settle, tell } from './repository-settle.ts'
import { unscheduled } from './scheduling.ts'
import { noRevision } from './scheduling-steps.ts'
import type { ContentTypes } from './types.ts'

export type Apply = ReturnType<typeof createApply>

/** What people do to an item at once, inside the caller's transaction, who has locked the item's row. */
export const createApply = ({ tables: t, types }: { tables: Tables; types: ContentTypes }) => {
  const publications = createPublications(t)

  const wantedRevision = async (tx: Database, item: Content, number: number) => {
    const revision = (await publications.revisions(tx, item.key, [number])).get(number)
    if (revision === undefined) throw noRevision('revision', number, item)
    types.require(item.type).validate(revision.data)
    return revision
  }

  return {
    /**
     * Leaves nothing of the item's own pending. What a release has in store for it stays, unless it is archived: then the
     * release is refused as a whole. False where nothing was to be done. Throws `invalid-request` for a revision that is
     * not there, or that may not go live.
     */
    async byHand(
      tx: Database,
      by: By,
      item: Content,
      action: Act,
      revisionNumber: number | null = null,
    ): Promise<boolean> {
      // Nothing but what is archived can be restored, so the others keep what is scheduled for them.
      if (action === 'restore' && item.status !== 'archived') return false
      const number = revisionNumber ?? item.draftRevision
      const revision = action === 'publish' ? await wantedRevision(tx, item, number) : null
      const at = await publications.now(tx)
      const which = action === 'archive' ? 'all' : 'own'
      const closed = await publications.close(tx, item, which, {
        state: 'superseded',
        reason: `${action} by hand`,
      })
      const { change, event } = effectOf(types, item, {
        ...{ action, at, actor: by.actor, publication: null, superseded: closed.map(({ id }) => id) },
        revision: revision === null ? null : { number, ...revision },
      })
      if (event === null && closed.length === 0) return false
      await settle(tx, t, [change])
      await tell(tx, t, [event ?? unscheduled(by, item, closed, `${action} by hand`)])
      return true
    },

    /** The item is about to be deleted: nothing of it stays pending, in releases neither. Returns what was. */
    remove: (tx: Database, item: Content): Promise<Closed[]> =>
      publications.close(tx, item, 'all', { state: 'canceled', reason: 'deleted' }),
  }
}
