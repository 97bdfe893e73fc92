import { type RawBuilder, sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { type KeysetPage, keysetByTime } from '../platform/keyset.ts'
import { NO_REFUSALS, type Refusal } from '../platform/refusal.ts'
import type { Tables } from '../platform/tables.ts'
import type { Changed, Fields } from './subject.ts'

export const OPERATION_STATES = ['running', 'done', 'aborted'] as const
export type OperationState = (typeof OPERATION_STATES)[number]

export interface Operation {
  id: string
  projectId: number
  /** Who asked for it. */
  actor: Actor
  /** The feature whose items it changes: `notifications`. */
  subject: string
  kind: string
  state: OperationState
  filter: Fields
  options: Fields
  ratePerSecond: number | null
  /** The last id that was decided. */
  cursor: string | null
  matched: number
  changed: number
  tooLate: number
  /** What does not bear the edit. */
  refused: number
  /** Why the first of that was refused. */
  refusal: Refusal | null
  createdAt: Date
  finishedAt: Date | null
  undoUntil: Date | null
  /** The operation that this one takes back. */
  undoes: string | null
}

export type NewOperation = Pick<
  Operation,
  'id' | 'projectId' | 'actor' | 'subject' | 'kind' | 'filter' | 'options' | 'ratePerSecond' | 'undoes'
>

export type Repository = ReturnType<typeof createRepository>

/** Somebody else goes on with an operation whose runner was not heard of for this long. */
export const LEASE_SECONDS = 15
const UNDO_HOURS = 24
const PRUNE_LIMIT = 20_000

const COLUMNS = sql`id, project_id as "projectId", actor, subject, kind, state, filter, options,
  rate_per_second as "ratePerSecond", cursor, matched::float8 as matched, changed::float8 as changed,
  too_late::float8 as "tooLate", refused::float8 as refused, refusal, created_at as "createdAt", finished_at as "finishedAt", undo_until as "undoUntil", undoes`

const LEASE = sql`clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})`
/** Of what ends now. What only takes back cannot be taken back itself. */
const ENDED = sql`finished_at = clock_timestamp(), leased_until = null, options = options - 'patch',
  undo_until = case when undoes is null then clock_timestamp() + make_interval(hours => ${UNDO_HOURS}) end`

const STARTED = sql`jsonb_strip_nulls(jsonb_build_object('subject', subject, 'kind', kind, 'filter', filter,
  'ratePerSecond', rate_per_second, 'undoes', undoes))`
const COUNTS = sql`jsonb_build_object('subject', subject, 'kind', kind, 'matched', matched, 'changed', changed,
  'tooLate', too_late, 'refused', refused)`

/** The event of an operation, as a part of the statement that changes it. */
const told = (
  t: Tables,
  source: 'made' | 'ended',
  what: 'started' | 'finished' | 'aborted',
  actor: RawBuilder<unknown>,
  data: RawBuilder<unknown>,
) => sql`
  insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
  select project_id, 'operation', id::text, ${`operation.${what}`}, ${actor}, ${data} from ${sql.ref(source)}`

export const createRepository = (t: Tables) => ({
  /** Leased to the caller at once where `leased`; otherwise to whoever looks first. */
  async insert(db: Database, o: NewOperation, leased: boolean): Promise<Operation> {
    const { rows } = await sql<Operation>`
      with made as (
        insert into ${t.operations} (id, project_id, actor, subject, kind, state, filter, options, rate_per_second, undoes, leased_until)
        values (${o.id}::uuid, ${o.projectId}, ${JSON.stringify(o.actor)}::jsonb, ${o.subject}, ${o.kind}, 'running', ${JSON.stringify(o.filter)}::jsonb,
          ${JSON.stringify(o.options)}::jsonb, ${o.ratePerSecond}, ${o.undoes}::uuid, case when ${leased} then ${LEASE} end)
        returning *),
      started as (${told(t, 'made', 'started', sql`actor`, STARTED)}),
      undone as (
        insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
        select project_id, 'operation', undoes::text, 'operation.undone', actor, jsonb_build_object('by', id)
        from made where undoes is not null)
      select ${COLUMNS} from made`.execute(db)
    const [row] = rows
    if (row === undefined) throw new Error('the insert of an operation was not answered')
    return row
  },

  async find(db: Database, projectId: number, id: string): Promise<Operation | null> {
    const { rows } = await sql<Operation>`
      select ${COLUMNS} from ${t.operations} where id = ${id}::uuid and project_id = ${projectId}`.execute(db)
    return rows[0] ?? null
  },

  async list(
    db: Database,
    projectId: number,
    q: KeysetPage & { states: readonly string[] | undefined },
  ): Promise<Operation[]> {
    const { beyond, order } = keysetByTime(sql`created_at`, sql`id`, q)
    const { rows } = await sql<Operation>`
      select ${COLUMNS} from ${t.operations}
      where project_id = ${projectId}
        ${q.states === undefined ? sql`` : sql`and state = any(${q.states}::text[])`}
        ${beyond('and')}
      order by ${order} limit ${q.limit}`.execute(db)
    return rows
  },

  /** Takes over what nobody runs: a restart, or a runner that was lost. */
  async claim(db: Database, limit: number): Promise<Operation[]> {
    const { rows } = await sql<Operation>`
      update ${t.operations} set leased_until = ${LEASE}
      where id = any(array(
        select id from ${t.operations}
        where finished_at is null and coalesce(leased_until, '-infinity') < clock_timestamp()
        order by created_at limit ${limit} for update skip locked))
      returning ${COLUMNS}`.execute(db)
    return rows
  },

  async renew(db: Database, id: string): Promise<void> {
    await sql`update ${t.operations} set leased_until = ${LEASE} where id = ${id}::uuid and finished_at is null`.execute(
      db,
    )
  },

  async release(db: Database, ids: readonly string[]): Promise<void> {
    await sql`update ${t.operations} set leased_until = null
      where id = any(${ids}::uuid[]) and finished_at is null`.execute(db)
  },

  /**
   * Locks the operation for one step, if it still runs and stands at `cursor`. That is what fences a runner that was
   * taken for lost: whoever comes second finds the cursor moved, and a step counts once. It also bounds how long the
   * rest of the transaction waits for any lock.
   */
  async holdAt(tx: Database, id: string, cursor: string | null, lockTimeoutMs: number): Promise<boolean> {
    const { rows } = await sql`
      select set_config('lock_timeout', ${String(lockTimeoutMs)}, true) from ${t.operations}
      where id = ${id}::uuid and state = 'running' and cursor is not distinct from ${cursor}::uuid
      for no key update`.execute(tx)
    return rows.length > 0
  },

  async advance(
    tx: Database,
    id: string,
    step: Changed & { cursor: string; matched: number },
  ): Promise<void> {
    const { count, first } = step.refused ?? NO_REFUSALS
    await sql`
      update ${t.operations} set cursor = ${step.cursor}::uuid, matched = matched + ${step.matched},
        changed = changed + ${step.changed}, too_late = too_late + ${step.tooLate}, refused = refused + ${count},
        refusal = coalesce(refusal, ${first === null ? null : JSON.stringify(first)}::jsonb), leased_until = ${LEASE}
      where id = ${id}::uuid`.execute(tx)
  },

  async finish(db: Database, id: string, cursor: string | null): Promise<void> {
    await sql`
      with ended as (
        update ${t.operations} set state = 'done', ${ENDED}
        where id = ${id}::uuid and state = 'running' and cursor is not distinct from ${cursor}::uuid returning *),
      finished as (${told(t, 'ended', 'finished', sql`null::jsonb`, COUNTS)})
      select count(*) from ended`.execute(db)
  },

  /** Ends it after the step under way, on whose behalf: null for the system's own. Null where it does not run. */
  async abort(db: Database, projectId: number, id: string, actor: Actor | null): Promise<Operation | null> {
    const { rows } = await sql<Operation>`
      with ended as (
        update ${t.operations} set state = 'aborted', ${ENDED}
        where id = ${id}::uuid and project_id = ${projectId} and state = 'running' returning *),
      aborted as (${told(t, 'ended', 'aborted', sql`${actor === null ? null : JSON.stringify(actor)}::jsonb`, COUNTS)})
      select ${COLUMNS} from ended`.execute(db)
    return rows[0] ?? null
  },

  /** Whether it may still be undone, by the database's clock, and the undo that there is already. */
  async undoOf(db: Database, id: string): Promise<{ expired: boolean; undo: Operation | null }> {
    // Under its lock, and only then the look: of two that ask at once the second one finds what the first one made.
    const own = await sql<{ expired: boolean }>`
      select coalesce(undo_until < clock_timestamp(), true) as expired from ${t.operations} where id = ${id}::uuid
      for no key update`.execute(db)
    const undo = await sql<Operation>`
      select ${COLUMNS} from ${t.operations} where undoes = ${id}::uuid and state <> 'aborted'
      order by created_at limit 1`.execute(db)
    return { expired: own.rows[0]?.expired ?? true, undo: undo.rows[0] ?? null }
  },

  /** Forgets what can no longer be undone, up to a limit; returns how many items that were. */
  async prune(db: Database): Promise<number> {
    const { numAffectedRows } = await sql`
      delete from ${t.operationItems} where ctid = any(array(
        select i.ctid from ${t.operations} o cross join lateral (
          select ctid from ${t.operationItems} i where i.operation_id = o.id limit ${PRUNE_LIMIT}) i
        where o.undo_until < clock_timestamp()
          and not exists (select 1 from ${t.operations} u where u.undoes = o.id and u.state = 'running')
        limit ${PRUNE_LIMIT}))`.execute(db)
    return Number(numAffectedRows ?? 0)
  },
})
