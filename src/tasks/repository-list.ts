import { type RawBuilder, sql } from 'kysely'
import { lastAttemptOf, TROUBLE } from '../delivery/index.ts'
import { type KeysetPage, keysetByTime } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'
import type { ShownState } from './schema.ts'

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
  /** Of what has failed for good: the code of its last attempt's error, or its reason where there is none. */
  error: string | undefined
  /** Of what has failed for good: the task, which is its provider. */
  provider: string | undefined
}

export const NO_FILTERS: Filters = {
  ...{ states: undefined, tasks: undefined, tags: undefined, groupKey: undefined },
  ...{ scheduleId: undefined, dueFrom: undefined, dueTo: undefined, error: undefined, provider: undefined },
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

/** The conditions that the filters are, on a row `n`. */
export const byFilters = (t: Tables, f: Filters): RawBuilder<unknown>[] => [
  ...(f.states === undefined ? [] : byState(t, f.states)),
  ...(f.tasks === undefined ? [] : [sql`n.task = any(${f.tasks}::text[])`]),
  ...(f.tags === undefined ? [] : [sql`n.tags @> ${f.tags}::text[]`]),
  ...(f.groupKey === undefined ? [] : [sql`n.group_key = ${f.groupKey}`]),
  ...(f.scheduleId === undefined ? [] : [sql`n.schedule_id = ${f.scheduleId}`]),
  ...(f.dueFrom === undefined ? [] : [sql`n.due_at >= ${f.dueFrom}`]),
  ...(f.dueTo === undefined ? [] : [sql`n.due_at < ${f.dueTo}`]),
  ...(f.error === undefined ? [] : [hasFailed, sql`${errorKey(t)} = ${f.error}`]),
  ...(f.provider === undefined ? [] : [hasFailed, sql`n.task = ${f.provider}`]),
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
  const conditions = byFilters(t, filters)
  const fits = conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)
  // Bounds and keys that lead an index narrow what is looked at; the others are tested on it.
  const { tasks, groupKey, scheduleId, dueFrom, dueTo } = filters
  const one = tasks?.length === 1 && groupKey === undefined && scheduleId === undefined ? tasks : undefined
  const leading = [
    ...byFilters(t, { ...NO_FILTERS, groupKey, scheduleId, dueFrom, dueTo, tasks: one }),
    ...(isFailed(filters) ? [hasFailed] : []),
  ]
  const where = sql.join([sql`n.project_id = ${projectId}`, ...leading], sql` and `)
  const most = filters.error === undefined ? MOST_LOOKED_AT : MOST_LOOKED_UP
  const looked = sql`
    looked as materialized (
      select n.id, ${COLUMNS[field]} as key, (${fits}) as fits from ${t.runs} n
      where ${where} ${beyond('and')} order by ${order} limit ${most})`
  const ordered = page.descending ? sql`key desc, id desc` : sql`key, id`
  const reversed = page.descending ? sql`key, id` : sql`key desc, id desc`
  return sql`with ${looked},
    chosen as materialized (select id, key from looked where fits order by ${ordered} limit ${page.limit})
    select array(select id::text from chosen order by ${ordered}) as ids,
      (select json_build_object('key', key, 'id', id) from looked order by ${reversed} limit 1) as last,
      (select count(*)::int from looked) >= ${most} as more`
}
