import { type RawBuilder, sql } from 'kysely'
import { lastAttemptOf, TROUBLE } from '../delivery/index.ts'
import { type KeysetPage, keysetByTime } from '../platform/keyset.ts'
import { contains } from '../platform/sql-contains.ts'
import type { Tables } from '../platform/tables.ts'
import type { ShownState } from './schema.ts'
import { formsOf } from './search.ts'

export const SORT_FIELDS = ['dueAt', 'createdAt'] as const
export type SortField = (typeof SORT_FIELDS)[number]

export interface Filters {
  states: readonly ShownState[] | undefined
  tasks: readonly string[] | undefined
  tags: readonly string[] | undefined
  groupKey: string | undefined
  scheduleId: string | undefined
  dueFrom: Date | undefined
  dueTo: Date | undefined
  createdFrom: Date | undefined
  createdTo: Date | undefined
  /** Part of the name of the task, or of the data as JSON, whatever the case. */
  search: string | undefined
  /** Of what has failed for good: the code of its last attempt's error, or its reason where there is none. */
  error: string | undefined
  /** Of what has failed for good: the task, which is its provider. */
  provider: string | undefined
}

export const NO_FILTERS: Filters = {
  ...{ states: undefined, tasks: undefined, tags: undefined, groupKey: undefined },
  ...{ scheduleId: undefined, dueFrom: undefined, dueTo: undefined, createdFrom: undefined },
  ...{ createdTo: undefined, search: undefined, error: undefined, provider: undefined },
}

const COLUMNS = {
  dueAt: sql`n.due_at`,
  createdAt: sql`n.created_at`,
} satisfies Record<SortField, RawBuilder<unknown>>

/** As the states are stored; `queued` is not one of them. */
export const storedOf = (state: ShownState): string =>
  state === 'running'
    ? 'sending'
    : state === 'succeeded'
      ? 'delivered'
      : state === 'queued'
        ? 'scheduled'
        : state

const byState = (t: Tables, states: readonly ShownState[]): RawBuilder<unknown>[] => {
  const paused = sql`exists (select 1 from ${t.queues} q where q.name = n.lane and q.paused_at is not null)`
  const isDue = sql`(n.next_at <= clock_timestamp() and not ${paused})`
  const tests = states.map((state) => {
    if (state === 'scheduled') return sql`(n.state = 'scheduled' and not ${isDue})`
    if (state === 'queued') return sql`(n.state = 'scheduled' and ${isDue})`
    return sql`n.state = ${storedOf(state)}`
  })
  const troubles = states.map((state) =>
    state === 'retrying' ? TROUBLE.retrying : state === 'failed' ? TROUBLE.failed : null,
  )
  const any = sql`(${sql.join(tests, sql` or `)})`
  // Those in trouble are behind an index of their own.
  return troubles.includes(null) ? [any] : [any, sql`n.trouble = any(${troubles}::smallint[])`]
}

const hasFailed = sql`n.trouble = ${sql.lit(TROUBLE.failed)}`

/** As dead letters name it; see `repository-views.ts`. */
const errorKey = (t: Tables) => sql`coalesce(${lastAttemptOf(t, 'n', sql`a.error ->> 'code'`)},
  case n.reason when 'unknown_task' then 'unknown-task' else n.reason end, 'unknown')`

const hasText = (text: string) => sql`concat_ws(chr(10), n.task, n.data::text)
  ilike any (${formsOf(text).map(contains)}::text[])`

/** The conditions that the filters are, on a row `n`. */
export const byFilters = (t: Tables, f: Filters): RawBuilder<unknown>[] => [
  ...(f.states === undefined ? [] : byState(t, f.states)),
  ...(f.tasks === undefined ? [] : [sql`n.task = any(${f.tasks}::text[])`]),
  ...(f.tags === undefined ? [] : [sql`n.tags @> ${f.tags}::text[]`]),
  ...(f.groupKey === undefined ? [] : [sql`n.group_key = ${f.groupKey}`]),
  ...(f.scheduleId === undefined ? [] : [sql`n.schedule_id = ${f.scheduleId}`]),
  ...(f.dueFrom === undefined ? [] : [sql`n.due_at >= ${f.dueFrom}`]),
  ...(f.dueTo === undefined ? [] : [sql`n.due_at < ${f.dueTo}`]),
  ...(f.createdFrom === undefined ? [] : [sql`n.created_at >= ${f.createdFrom}`]),
  ...(f.createdTo === undefined ? [] : [sql`n.created_at < ${f.createdTo}`]),
  ...(f.error === undefined ? [] : [hasFailed, sql`${errorKey(t)} = ${f.error}`]),
  ...(f.provider === undefined ? [] : [hasFailed, sql`n.task = ${f.provider}`]),
  // Last: it takes longest, and a row that the others refuse is not searched.
  ...(f.search === undefined ? [] : [hasText(f.search)]),
]

/** Whether nothing but what has failed is asked for: an index of its own leads to it. */
const isFailed = ({ states, error, provider }: Filters): boolean =>
  error !== undefined ||
  provider !== undefined ||
  (states !== undefined && states.every((state) => state === 'failed'))

/** Rows that one page looks at: a filter that fits few of them must not walk all history. */
const MOST_LOOKED_AT = 20_000
/** Of those whose errors are looked up, some 10 µs each. */
const MOST_LOOKED_UP = 5_000
/** Of those that a text is looked for in, and of their data. */
const MOST_SEARCHED = 5_000
const MOST_SEARCHED_BYTES = 2 * 1024 * 1024

/**
 * Ids of one page, in order, out of the next rows of the index, of which it looks at a bounded number; `last` is the last one
 * that it looked at, and `more` whether there may be others behind it.
 */
export const pageOf = (
  t: Tables,
  projectId: number,
  filters: Filters,
  field: SortField,
  page: KeysetPage,
) => {
  const { beyond, order } = keysetByTime(COLUMNS[field], sql`n.id`, page)
  const { search, error } = filters
  const conditions = byFilters(t, { ...filters, search: undefined })
  const fits = conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)
  // Bounds and keys that lead an index narrow what is looked at; the others are tested on it.
  const { tasks, groupKey, scheduleId, dueFrom, dueTo, createdFrom, createdTo } = filters
  const one = tasks?.length === 1 && groupKey === undefined && scheduleId === undefined ? tasks : undefined
  const bounds = { dueFrom, dueTo, createdFrom, createdTo }
  const leading = [
    ...byFilters(t, { ...NO_FILTERS, ...bounds, groupKey, scheduleId, tasks: one }),
    ...(isFailed(filters) ? [hasFailed] : []),
  ]
  const where = sql.join([sql`n.project_id = ${projectId}`, ...leading], sql` and `)
  const most = error !== undefined ? MOST_LOOKED_UP : search !== undefined ? MOST_SEARCHED : MOST_LOOKED_AT
  const ordered = page.descending ? sql`key desc, id desc` : sql`key, id`
  const reversed = page.descending ? sql`key, id` : sql`key desc, id desc`
  const bytes = sql`case when fits then bytes else 0 end`
  // The first one is always searched, whatever its size.
  const searched = (text: string) => sql`
    weighed as materialized (
      select id, key, fits, sum(${bytes}) over (order by ${ordered} rows unbounded preceding) - ${bytes} as before from walked),
    looked as materialized (
      select w.id, w.key, w.fits and (select ${hasText(text)} from ${t.runs} n where n.id = w.id) as fits
      from weighed w where before < ${MOST_SEARCHED_BYTES}::int)`
  return sql`with walked as materialized (
      select n.id, ${COLUMNS[field]} as key, coalesce(${fits}, false) as fits, n.data_bytes as bytes from ${t.runs} n
      where ${where} ${beyond('and')} order by ${order} limit ${most}),
    ${search === undefined ? sql`looked as (select id, key, fits from walked)` : searched(search)},
    chosen as materialized (select id, key from looked where fits order by ${ordered} limit ${page.limit})
    select array(select id::text from chosen order by ${ordered}) as ids,
      (select json_build_object('key', key, 'id', id) from looked order by ${reversed} limit 1) as last,
      (select count(*)::int from walked) >= ${most}
        or (select count(*) from looked) < (select count(*) from walked) as more`
}
