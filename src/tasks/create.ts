import { checkSameRequest, type Idempotency, inProgress, unavailable } from '../http/index.ts'
import type { By } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import { type Database, isLockTimeout } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import type { Tables } from '../platform/tables.ts'
import type { Timers } from '../timers/index.ts'
import type { UploadedFile } from './define.ts'
import type { Prepare } from './prepare.ts'
import type { Tasks } from './registry.ts'
import type { Change } from './repository-change.ts'
import { tellWorkers } from './repository-control.ts'
import { insertRuns, type NewRun, soonestOf } from './repository-insert.ts'
import type { Detail, Repository } from './repository.ts'
import type { OnDuplicate, ScheduleBody } from './schema.ts'

/** What a request to schedule came to. */
export interface Created extends Detail {
  /** `replayed`: an earlier request with this idempotency key made it. `deduplicated`: its dedupe key was pending. */
  how: 'created' | 'replayed' | 'deduplicated'
}

export interface CreateOptions {
  /** With short time-outs: a caller waits for it. */
  db: Database
  tables: Tables
  clock: Clock
  tasks: Tasks
  repository: Repository
  changes: Change
  prepare: Prepare
  timers: Timers
}

/** Keeps the file that came with the request for the run of this id. */
type Keep = (tx: Database, id: string) => Promise<void>

export type Create = ReturnType<typeof createCreate>

/** What is pending may end while it is looked at; this often it is tried again. */
const TRIES = 10

/** The key of a request is another one on the route of another task. */
const keyOf = (task: string, { key }: Idempotency): string => `${task}:${key}`

/** Accepts runs: each resolves once row, timer and event are committed. */
export const createCreate = (o: CreateOptions) => {
  const { db, tables, repository } = o

  const found = async (how: Created['how'], projectId: number, id: string): Promise<Created | null> => {
    const detail = await repository.detail(db, projectId, id, false)
    return detail && { ...detail, how }
  }

  /** A request that was accepted once is answered so again, even where it would be refused now: its time may be past. */
  const replayOf = async (row: Pick<NewRun, 'projectId'>, task: string, idempotency: Idempotency | null) => {
    if (idempotency === null) return null
    const first = await repository.byIdempotencyKey(db, row.projectId, keyOf(task, idempotency))
    if (first === null) return null
    checkSameRequest(idempotency, first.requestHash)
    return found('replayed', row.projectId, first.id)
  }

  const write = async (row: NewRun, keep: Keep): Promise<boolean> => {
    const inserted = await db.transaction().execute(async (tx) => {
      const result = await insertRuns(tx, tables, [row])
      if (result.written.has(row.id)) await keep(tx, row.id)
      return result
    })
    const wakeMs = soonestOf([row], inserted)
    if (wakeMs !== null) o.timers.wake(wakeMs)
    return inserted.written.has(row.id)
  }

  /** The one that is pending with the row's dedupe key, dealt with as asked; null where it has ended meanwhile. */
  const meetDuplicate = async (
    row: NewRun,
    onDuplicate: OnDuplicate,
    keep: Keep,
  ): Promise<Created | null> => {
    const { projectId, dedupeKey, actor } = row
    if (dedupeKey === null) return null
    const pending = await repository.pending(db, projectId, row.task, dedupeKey)
    if (pending === null) return null
    const { id, generation } = pending
    if (onDuplicate === 'reject') throw new YeyakError('duplicate', { members: { existingId: id } })
    if (onDuplicate === 'replace') {
      const { decisions, wakeMs, freedLanes } = await db.transaction().execute(async (tx) => {
        const done = await o.changes.rewrite(tx, { projectId, actor, ids: [id], generation }, row)
        if (done.decisions[0]?.changed === true) await keep(tx, id)
        await tellWorkers(
          tx,
          tables,
          done.freedLanes.map((lane) => `slots ${lane}`),
        )
        return done
      })
      if (decisions[0]?.state === 'sending')
        throw new YeyakError('too-late', { members: { outcome: 'too_late', state: 'running' } })
      if (decisions[0]?.changed !== true) return null
      if (wakeMs !== null || freedLanes.length > 0) o.timers.wake(wakeMs ?? 0)
    }
    return found('deduplicated', projectId, id)
  }

  const settle = async (
    row: NewRun,
    onDuplicate: OnDuplicate,
    idempotency: Idempotency | null,
    keep: Keep,
  ): Promise<Created> => {
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (await write(row, keep)) {
        const made = await found('created', row.projectId, row.id)
        if (made !== null) return made
      }
      const earlier =
        (await replayOf(row, row.task, idempotency)) ?? (await meetDuplicate(row, onDuplicate, keep))
      if (earlier !== null) return earlier
    }
    throw unavailable('overloaded', 1)
  }

  return async (
    by: By,
    name: string,
    given: ScheduleBody,
    idempotency: Idempotency | null,
    file: UploadedFile | null = null,
  ): Promise<Created> => {
    let row: NewRun
    let keep: Keep = async () => {}
    try {
      const { upload: taking } = o.tasks.require(name)
      const hasFile = file !== null && taking !== null
      const data = hasFile ? await taking.check(file, given.data ?? {}) : given.data
      row = o.prepare.row(by, name, { ...given, ...(data && { data }) }, await o.clock.now(), hasFile)
      if (hasFile) keep = (tx, id) => taking.keep(tx, { id, projectId: row.projectId }, file)
    } catch (error) {
      const earlier = await replayOf(by, name, idempotency)
      if (earlier === null) throw error
      return earlier
    }
    const keyed =
      idempotency === null
        ? row
        : { ...row, idempotencyKey: keyOf(name, idempotency), requestHash: idempotency.hash }
    try {
      return await settle(keyed, given.onDuplicate ?? 'ignore', idempotency, keep)
    } catch (error) {
      // Somebody's open transaction holds the key.
      if (isLockTimeout(error) && idempotency !== null) throw inProgress(error)
      throw error
    }
  }
}
