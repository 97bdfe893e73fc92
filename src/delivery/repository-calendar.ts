import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'

/** What is due within a minute: each by itself, or, where they are too many, their number alone. */
export interface CalendarMinute {
  at: Date
  count: number
  items: { id: string; at: string; title: string }[] | null
}

export interface CalendarRange {
  from: Date
  to: Date
  /** Rows that are read at most. */
  limit: number
  /** Of one minute, how many are shown by themselves. */
  perMinute: number
}

/** The items of a feature in SQL: a table with `id`, `project_id` and `due_at`, and an index on the last two. */
export interface CalendarTable {
  table: RawBuilder<unknown>
  /** What `where` and `title` are made of. */
  columns: RawBuilder<unknown>
  /** Which are shown. The others are read as well: nothing finds them out before. */
  where: RawBuilder<unknown>
  title: RawBuilder<unknown>
}

/** How many are due between two instants. */
export interface CalendarCount {
  from: Date
  to: Date
  count: number
  /** No more rows than that were read: there may be more. */
  isCut: boolean
}

/** Of each two neighbours in `bounds`, how many are due from the first to before the second; of each, `limit` rows are read. */
export const countCalendar = async (
  db: Database,
  { table, columns, where }: Omit<CalendarTable, 'title'>,
  projectId: number,
  { bounds, limit }: { bounds: readonly Date[]; limit: number },
): Promise<CalendarCount[]> => {
  const { rows } = await sql<CalendarCount>`
    select b.start as "from", b.stop as "to", r.count, r.read = ${limit} as "isCut"
    from unnest(${bounds.slice(0, -1)}::timestamptz[], ${bounds.slice(1)}::timestamptz[]) b(start, stop)
    cross join lateral (
      select count(*)::int as read, (count(*) filter (where ${where}))::int as count from (
        select ${columns} from ${table} where project_id = ${projectId} and due_at >= b.start and due_at < b.stop
        order by due_at limit ${limit}) looked) r
    order by b.start`.execute(db)
  return rows
}

/**
 * What is due from `from` on, minute by minute. `until`: where the rows that may be read were used up before `to`; the minutes
 * before that are whole. A minute that has more rows than may be read is counted up to that.
 */
export const readCalendar = async (
  db: Database,
  { table, columns, where, title }: CalendarTable,
  projectId: number,
  { from, to, limit, perMinute }: CalendarRange,
): Promise<{ minutes: CalendarMinute[]; until: Date | null }> => {
  const { rows } = await sql<{
    minutes: (Omit<CalendarMinute, 'at'> & { at: string })[]
    until: Date | null
  }>`
    with r as materialized (
      select id, due_at, date_trunc('minute', due_at) as minute, ${columns} from ${table}
      where project_id = ${projectId} and due_at >= ${from} and due_at < ${to} order by due_at limit ${limit}),
    reach as materialized (
      select case when count(*) < ${limit} then null
        when max(minute) = min(minute) then max(minute) + interval '1 minute' else max(minute) end as until from r),
    shown as materialized (
      select *, count(*) over (partition by minute)::int as n from r
      where ${where} and minute < coalesce((select until from reach), 'infinity'))
    select (select until from reach) as until, (select coalesce(json_agg(m order by m.at), '[]') from (
      select minute as at, n as count, json_agg(json_build_object('id', id, 'at', due_at, 'title', ${title})
          order by due_at, id) filter (where n <= ${perMinute}) as items
      from shown group by minute, n) m) as minutes`.execute(db)
  const [row] = rows
  return {
    minutes: (row?.minutes ?? []).map((minute) => ({ ...minute, at: new Date(minute.at) })),
    until: row?.until ?? null,
  }
}
