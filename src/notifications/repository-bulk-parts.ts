import { type RawBuilder, sql } from 'kysely'
import type { BulkChanged } from '../delivery/index.ts'
import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { plantTimers } from '../timers/index.ts'
import { KIND } from './repository-insert.ts'
import { byFilters, type Filters, type ListSources } from './repository-list.ts'
import { isRevivable, soonMsOf, WAITING } from './repository-sets.ts'

type Sql = RawBuilder<unknown>

/** A few notifications that are decided together, each under its own lock, taken in the order of the ids. */
export interface Batch extends By {
  ids: readonly string[]
  /** What they were found by: whoever no longer fits is left alone. */
  filters: Filters
  /** The operation that keeps what they were before; null where nothing is kept. */
  operationId: string | null
  /** Of one: only what is still of this version. */
  generation?: number | null
}

/** The states as they are stored: that a time has come changes what is shown, and nothing else. */
export const storedStates = (filters: Filters): string[] | undefined =>
  filters.states?.map((state) => (state === 'queued' ? 'scheduled' : state))

/** What a step of a bulk change reads of the rows that it locks, beside whether they fit. */
const COLUMNS = sql`n.id, n.project_id, n.state, n.reason, n.trouble, n.generation, n.cancel_requested, n.finished_at,
  n.failures, n.lost_workers, n.late_ms, n.send_at, n.due_at, n.next_at, n.expires_at, n.expires_given, n.dedupe_key,
  n.content_bytes`

/** What it reads of them once they are changed. */
const CHANGED_COLUMNS = sql`n.id, n.project_id, n.lane, n.state, n.next_at, n.generation, n.priority`

/**
 * What the bulk changes are made of. Each is one statement that decides as that of the single call does (`repository.ts`), for many rows:
 * by `= ANY`, without a join, so that no plan can be lost, and from the row itself. `for no key update` in the order of
 * the ids: two of them on the same rows cannot dead-lock, and starts and outcomes skip what is locked.
 */
export const createBulkParts = (sources: ListSources) => {
  const { tables: t } = sources
  const clockTime = sql`(select ts from clock)`
  const conditions = (projectId: number, filters: Filters) => [
    sql`n.project_id = ${projectId}`,
    ...byFilters(sources, filters),
  ]

  /** A row whose key another one holds cannot wait again. A scalar with a limit: `exists` may be planned as a hash of all. */
  const keyIsFree = sql`(dedupe_key is null or (
    select true from ${t.notifications} o
    where o.project_id = l.project_id and o.pending_key = l.dedupe_key and o.id <> l.id limit 1) is null)`

  /**
   * Looked up by id alone: the filters are a column, `fits`, read from the locked row like all others. As conditions they
   * would offer their own indexes, and with the statistics of an emptied table each step walked a whole one (40 ms of 50).
   */
  const locked = (b: Batch, columns: Sql = COLUMNS) => sql`
    clock as materialized (select clock_timestamp() as ts),
    l as materialized (
      select ${columns}, ${sql.join(conditions(b.projectId, { ...b.filters, states: undefined }), sql` and `)} as fits
      from ${t.notifications} n where n.id = any(${b.ids}::uuid[]) order by n.id for no key update)`
  /** Of the row `l`: whether it can be tried again. */
  const endedOf = (b: Batch) => sql`fits and ${isRevivable}
    and state = any(coalesce(${storedStates(b.filters) ?? null}::text[], array[state::text])) and ${keyIsFree}`
  const changed = (set: Sql, columns: Sql = CHANGED_COLUMNS) => sql`
    changed as (
      update ${t.notifications} n set ${set}, generation = n.generation + 1, updated_at = ${clockTime}
      where n.id = any(array(select id from mine))
      returning ${columns})`
  const kept = (b: Batch, before: Sql, where: Sql) =>
    b.operationId === null
      ? sql`select 1`
      : sql`insert into ${t.operationItems} (operation_id, subject_id, generation, before)
          select ${b.operationId}::uuid, id, generation + 1, ${before} from mine where ${where}`
  /** Of the rows as they were, which are in the order of their ids: all that were locked and picked are changed. */
  const told = ({ actor }: By, type: Sql, data: Sql) => sql`
    insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
    select project_id, ${KIND}, id::text, ${type}, ${JSON.stringify(actor)}::jsonb, ${data} from mine`
  const planted = plantTimers(
    t,
    sql`select id as subject_id, lane, next_at as due_at, generation, priority from changed where state in ${WAITING}`,
  )
  const counts = (changedWhere: Sql, tooLate: Sql) => sql`
    select (select count(*)::int from changed where ${changedWhere}) as changed,
      (select count(*)::int from l where fits and ${tooLate}) as "tooLate",
      (select min(${soonMsOf(sql`next_at`)}) from changed where state in ${WAITING}) as "wakeMs"`

  const run = async (tx: Database, statement: Sql): Promise<BulkChanged> => {
    const { rows } = await sql<BulkChanged>`${statement}`.execute(tx)
    const [row] = rows
    if (row === undefined) throw new Error('a bulk change was not answered')
    return row
  }

  return { t, clockTime, conditions, keyIsFree, locked, endedOf, changed, kept, told, planted, counts, run }
}
