import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { isId } from '../platform/ids.ts'
import type { Tables } from '../platform/tables.ts'
import { withoutNulls } from '../http/index.ts'
import type { Timers } from '../timers/index.ts'
import { createPrepare } from './prepare.ts'
import type { Tasks } from './registry.ts'
import { createChanges } from './repository-change.ts'
import { insertRuns, type NewRun } from './repository-insert.ts'
import { createRepository } from './repository.ts'
import { checkScheduleBody, type OnDuplicate, type ScheduleBody } from './schema.ts'
import { shownState, tellOf } from './service.ts'

export interface EmbeddedRun {
  id: string
  state: string
  dueAt: Date
  deduplicated: boolean
}

export interface EmbeddedCancel {
  outcome: 'canceled' | 'canceling' | 'too_late' | 'already_final'
  state: string
}

export interface PreparedRun {
  row: NewRun
  onDuplicate: OnDuplicate
}

/** What is pending may end while it is looked at; this often it is tried again. */
const TRIES = 10

/**
 * Runs within a transaction that belongs to somebody else: one statement writes everything, and the alarm is told by that
 * transaction's own commit.
 */
export const createEmbedded = (o: {
  tables: Tables
  tasks: Tasks
  timers: Pick<Timers, 'announce' | 'channel'>
}) => {
  const { tables, timers } = o
  const repository = createRepository(tables)
  const changes = createChanges(tables)
  const prepare = createPrepare(o.tasks)

  const asMet = (pending: { id: string; state: string; dueMs: number }): EmbeddedRun => ({
    ...{ id: pending.id, state: pending.state, dueAt: new Date(pending.dueMs), deduplicated: true },
  })

  /** The one that is pending with its dedupe key, dealt with as asked; null where it has ended meanwhile. */
  const meetDuplicate = async (
    db: Database,
    { row, onDuplicate }: PreparedRun,
  ): Promise<EmbeddedRun | null> => {
    const { projectId, actor, task, dedupeKey } = row
    if (dedupeKey === null) return null
    const pending = await repository.pending(db, projectId, task, dedupeKey)
    if (pending === null || onDuplicate === 'ignore') return pending && asMet(pending)
    const { id, generation } = pending
    if (onDuplicate === 'reject') throw new YeyakError('duplicate', { members: { existingId: id } })
    const done = await changes.rewrite(db, { projectId, actor, ids: [id], generation }, row)
    const [decision] = done.decisions
    if (decision?.state === 'sending')
      throw new YeyakError('too-late', { members: { outcome: 'too_late', state: 'running' } })
    if (decision?.changed !== true) return null
    await tellOf(db, tables, done, false)
    if (done.wakeMs !== null) await timers.announce(db, done.wakeMs)
    const after = await repository.pending(db, projectId, task, dedupeKey)
    return after && asMet(after)
  }

  return {
    /** Refuses what is wrong before anything is asked of the database. */
    prepare(by: By, name: string, given: object, now: Date): PreparedRun {
      const body = withoutNulls(given)
      checkScheduleBody(body)
      const { onDuplicate = 'ignore' } = body as ScheduleBody
      return { row: prepare.row(by, name, body as ScheduleBody, now), onDuplicate }
    },

    async schedule(db: Database, prepared: PreparedRun): Promise<EmbeddedRun> {
      const { row } = prepared
      for (let tries = 0; tries < TRIES; tries += 1) {
        const { written, canceled, createdAt, pausedLanes } = await insertRuns(
          db,
          tables,
          [row],
          timers.channel,
        )
        if (written.has(row.id)) {
          const isQueued = row.dueAt <= createdAt && !pausedLanes.includes(row.lane)
          const state = canceled.has(row.id) ? 'canceled' : isQueued ? 'queued' : 'scheduled'
          return { id: row.id, state, dueAt: row.dueAt, deduplicated: false }
        }
        const met = await meetDuplicate(db, prepared)
        if (met !== null) return met
      }
      throw new YeyakError('unavailable', { members: { reason: 'overloaded' } })
    },

    async cancel(db: Database, by: By, id: string): Promise<EmbeddedCancel> {
      const done = isId(id) ? await changes.cancel(db, { ...by, ids: [id] }, 'request') : null
      const [decision] = done?.decisions ?? []
      if (done === null || decision === undefined) throw new YeyakError('not-found')
      await tellOf(db, tables, done, true)
      const { state, changed } = decision
      if (state === 'sending') return { outcome: 'canceling', state: 'running' }
      if (state === 'canceled' || changed) return { outcome: 'canceled', state: 'canceled' }
      return { outcome: 'already_final', state: shownState(state) }
    },
  }
}

export type Embedded = ReturnType<typeof createEmbedded>
