import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { isId } from '../platform/ids.ts'
import type { Tables } from '../platform/tables.ts'
import type { Timers } from '../timers/index.ts'
import type { OnDuplicate } from './create.ts'
import { asAdded } from './ingest.ts'
import type { Prepare } from './prepare.ts'
import type { Validate } from './prepare-batch.ts'
import { createEmbeddedRepository, type PendingBrief } from './repository-embedded.ts'
import type { NewNotification } from './repository-insert.ts'
import type { Repository } from './repository.ts'

export interface EmbeddedItem {
  id: string
  state: string
  dueAt: Date
  deduplicated: boolean
}

export interface EmbeddedCancel {
  outcome: 'canceled' | 'too_late' | 'already_final'
  state: string
}

const asMet = ({ id, state, dueMs }: PendingBrief): EmbeddedItem => ({
  ...{ id, state, dueAt: new Date(dueMs), deduplicated: true },
})

/** What is pending may end while it is looked at; this often it is tried again. */
const TRIES = 10

/**
 * Notifications within a transaction that belongs to somebody else. Nothing is gathered with others, one statement writes
 * everything, and the alarm is told by that transaction's own commit.
 */
export const createEmbedded = (o: {
  tables: Tables
  repository: Pick<Repository, 'insert' | 'rewrite' | 'cancel'>
  timers: Pick<Timers, 'announce' | 'channel'>
  prepare: Prepare
  validate: Validate
}) => {
  const brief = createEmbeddedRepository(o.tables)

  /** The one that is pending with its dedupe key, dealt with as asked; null where it has ended meanwhile. */
  const meetDuplicate = async (
    db: Database,
    row: NewNotification,
    onDuplicate: OnDuplicate,
  ): Promise<EmbeddedItem | null> => {
    const { projectId, dedupeKey } = row
    if (dedupeKey === null) return null
    const pending = await brief.pending(db, projectId, dedupeKey)
    if (pending === null) return null
    if (onDuplicate === 'reject') throw new YeyakError('duplicate', { members: { existingId: pending.id } })
    if (onDuplicate === 'ignore') return asMet(pending)
    const decision = await o.repository.rewrite(db, row, o.prepare.replace(row, pending))
    if (decision?.state === 'sending')
      throw new YeyakError('too-late', { members: { outcome: 'too_late', state: decision.state } })
    if (decision?.changed !== true) return null
    if (decision.soonMs !== null) await o.timers.announce(db, decision.soonMs)
    const after = await brief.pending(db, projectId, dedupeKey)
    return after === null ? null : asMet(after)
  }

  return {
    /** Refuses what is wrong before anything is asked of the database. */
    prepare(by: By, body: unknown, now: Date): { row: NewNotification; onDuplicate: OnDuplicate } {
      const valid = o.validate(body)
      return { row: o.prepare.row(by, valid, now), onDuplicate: valid.onDuplicate ?? 'ignore' }
    },

    async schedule(
      db: Database,
      { row, onDuplicate }: { row: NewNotification; onDuplicate: OnDuplicate },
    ): Promise<EmbeddedItem> {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const inserted = await o.repository.insert(db, [row], o.timers.channel)
        if (!inserted.skipped.has(row.id))
          return { id: row.id, state: asAdded(row, inserted).state, dueAt: row.dueAt, deduplicated: false }
        const met = await meetDuplicate(db, row, onDuplicate)
        if (met !== null) return met
      }
      throw new YeyakError('unavailable', { members: { reason: 'overloaded' } })
    },

    async cancel(db: Database, by: By, id: string): Promise<EmbeddedCancel> {
      const decision = isId(id) ? await o.repository.cancel(db, by, id, null) : null
      if (decision === null) throw new YeyakError('not-found')
      const isWaiting = decision.state === 'scheduled' || decision.state === 'retrying'
      if (decision.state === 'canceled' || (isWaiting && decision.changed))
        return { outcome: 'canceled', state: 'canceled' }
      return {
        outcome: decision.state === 'sending' ? 'too_late' : 'already_final',
        state: decision.state,
      }
    },
  }
}

export type Embedded = ReturnType<typeof createEmbedded>
