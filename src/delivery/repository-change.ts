import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { NOTIFY_HORIZON_SECONDS, plantTimers, removeTimers } from '../timers/index.ts'
import type { BulkChanged } from './bulk.ts'

type Sql = RawBuilder<unknown>

/** A table whose rows are changed by people, beside what happens to them by themselves. */
export interface ChangedTable {
  table: Sql
  /** Of a row, by the names of its columns alone: whether it is to come, and so has a timer. */
  isWaiting: Sql
  /** Whether it is under way. */
  isBusy: Sql
  priority: Sql
}

/** What is done to a few rows. In `fits` and `where` the row is `n`, as it stands under its lock. */
export interface RowChange {
  ids: readonly string[]
  /** Whether it is one of those that are meant; those that are not are as good as not there. */
  fits: Sql
  /** Whether it can be changed. */
  where: Sql
  /** Columns of `n`; the generation rises by itself. */
  set: Sql
  /** The operation that keeps what the rows were before; null where nothing is kept. */
  kept: { operationId: string; before: Sql } | null
  /** Appends events, out of `mine`: the rows as they were. */
  told: Sql
}

/** The row as it was found under its lock. */
export interface RowDecision {
  id: string
  state: string
  changed: boolean
}

export interface RowChanges extends BulkChanged {
  decisions: RowDecision[]
}

/** Of what an operation has kept: `what` of the item `i` that is about the row `id`, and of what is `joined` to it. */
export const keptBy = (t: Tables, operationId: string, what: Sql, id: string, joined = sql``): Sql => sql`(
  select ${what} from ${t.operationItems} i ${joined} where i.operation_id = ${operationId}::uuid and i.subject_id = ${sql.ref(id)})`

/**
 * One statement that locks rows in the order of their ids, decides each from what stands in it, writes, moves its timer, and
 * answers from the same rows. By `= ANY`, without a join, so that no plan can be lost.
 */
export const changeRows = async (
  tx: Database,
  t: Tables,
  { table, isWaiting, isBusy, priority }: ChangedTable,
  { ids, fits, where, set, kept, told }: RowChange,
): Promise<RowChanges> => {
  const { rows } = await sql<RowChanges>`
    with l as materialized (
      select n.*, (${fits}) as fits, (${where}) as can from ${table} n where n.id = any(${ids}::uuid[])
      order by n.id for no key update),
    mine as materialized (select * from l where fits and can),
    changed as (
      update ${table} n set ${set}, generation = n.generation + 1
      where n.id = any(array(select id from mine)) returning n.*),
    planted as (${plantTimers(
      t,
      sql`select id as subject_id, lane, next_at as due_at, generation, ${priority} as priority from changed where ${isWaiting}`,
    )}),
    removed as (${removeTimers(t, sql`array(select id from changed where not (${isWaiting}))`)}),
    kept as (${
      kept === null
        ? sql`select 1`
        : sql`insert into ${t.operationItems} (operation_id, subject_id, generation, before)
            select ${kept.operationId}::uuid, id, generation + 1, ${kept.before} from mine`
    }),
    told as (${told})
    select
      (select coalesce(json_agg(json_build_object('id', id, 'state', state, 'changed', can) order by id), '[]')
        from l where fits) as decisions,
      (select count(*)::int from changed) as changed,
      (select count(*)::int from l where fits and not can and ${isBusy}) as "tooLate",
      (select (extract(epoch from min(next_at)) * 1000)::float8 from changed where ${isWaiting}
        and next_at < clock_timestamp() + make_interval(secs => ${NOTIFY_HORIZON_SECONDS})) as "wakeMs"`.execute(
    tx,
  )
  const [row] = rows
  if (row === undefined) throw new Error('a change of rows was not answered')
  return row
}
