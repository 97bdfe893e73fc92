import { type RawBuilder, sql } from 'kysely'
import { lastAttemptOf, TROUBLE } from '../delivery/index.ts'
import { keysetByTime } from '../platform/keyset.ts'
import { contains } from '../platform/sql-contains.ts'
import type { Tables } from '../platform/tables.ts'
import type { ShownState } from './schema.ts'

export const SORT_FIELDS = ['dueAt', 'createdAt', 'updatedAt'] as const
export type SortField = (typeof SORT_FIELDS)[number]

export interface Filters {
  states: readonly ShownState[] | undefined
  channels: readonly string[] | undefined
  to: string | undefined
  tags: readonly string[] | undefined
  groupKey: string | undefined
  dedupeKey: string | undefined
  scheduleId: string | undefined
  dueFrom: Date | undefined
  dueTo: Date | undefined
  createdFrom: Date | undefined
  createdTo: Date | undefined
  /** Part of the recipient, the subject or the message, whatever the case. */
  search: string | undefined
  /** Of what has failed for good: the code of its last attempt's error, or its reason where there is none. */
  error: string | undefined
  /** Of what has failed for good: who was tried last. */
  provider: string | undefined
}

export interface ListQuery {
  filters: Filters
  sort: { field: SortField; descending: boolean }
  after: { key: string; id: string } | null
}

export const COLUMNS = {
  dueAt: sql`n.due_at`,
  createdAt: sql`n.created_at`,
  updatedAt: sql`n.updated_at`,
} satisfies Record<SortField, RawBuilder<unknown>>

export const NO_FILTERS: Filters = {
  ...{ states: undefined, channels: undefined, to: undefined, tags: undefined, groupKey: undefined },
  ...{ dedupeKey: undefined, scheduleId: undefined, dueFrom: undefined, dueTo: undefined },
  ...{
    createdFrom: undefined,
    createdTo: undefined,
    search: undefined,
    error: undefined,
    provider: undefined,
  },
}

export interface ListSources {
  tables: Tables
  /** The lanes of all channels: the index of timers leads with the lane. */
  lanes: readonly string[]
  /** The queue's jobs, whose `data ->> 's'` is the subject. */
  jobsTable: RawBuilder<unknown>
  /** Fields of a content that events do not tell; those of the built-in channels unless told. */
  secretFields?: readonly string[]
}

const earliestTimer = ({ tables: t, lanes }: ListSources) => sql`(
  select min(x.due_at) from unnest(${lanes}::text[]) lane cross join lateral (
    select due_at from ${t.timers} t where t.lane = lane.lane order by t.due_at limit 1) x)`

/** Jobs of other programs' making may hold anything. */
const UUID = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'

/** What was handed over: few, unless there is a backlog. */
const handedOver = ({ jobsTable, lanes }: ListSources) => sql`
  select case when j.data ->> 's' ~ ${UUID} then (j.data ->> 's')::uuid end
  from ${jobsTable} j where j.name = any(${lanes}::text[]) and j.state <= 'active'`

/** The clock as a subquery, here and below: called in the condition itself it would be asked for each row, and lead no index. */
const dueTimers = ({ tables: t, lanes }: ListSources) => sql`
  select t.subject_id from ${t.timers} t where t.lane = any(${lanes}::text[])
    and t.due_at <= (select clock_timestamp())`

const only = (states: readonly ShownState[], of: readonly ShownState[]): boolean =>
  states.every((state) => of.includes(state))

/**
 * No index names `state`, as it changes twice a life, so that a list by state would walk all history. Where it can, it
 * starts from elsewhere: those in trouble are behind an index of their own; what is scheduled has a timer, or is due now,
 * so that all before the earliest timer is left out; what is due or being sent has a timer that is due, or a job.
 */
const shortCut = (sources: ListSources, states: readonly ShownState[]): RawBuilder<unknown>[] => {
  if (only(states, ['retrying', 'failed'])) {
    const values = states.map((state) => (state === 'retrying' ? TROUBLE.retrying : TROUBLE.failed))
    return [
      values.length === 1
        ? sql`n.trouble = ${sql.lit(values[0])}`
        : sql`n.trouble = any(${values}::smallint[])`,
    ]
  }
  if (only(states, ['queued', 'sending'])) {
    return [sql`n.id = any(array(${handedOver(sources)} union ${dueTimers(sources)}))`]
  }
  if (only(states, ['scheduled'])) {
    // Handed over before its queue was paused: it has no timer any more, and is shown as scheduled. As one bound, as with an
    // "or" no index is walked from there on: 900 ms at 1,000,000 rows.
    const handed = sql`(select min(h.due_at) from ${sources.tables.notifications} h where h.id = any(array(${handedOver(sources)})))`
    return [sql`n.due_at >= (select least(clock_timestamp(), ${earliestTimer(sources)}, ${handed}))`]
  }
  return []
}

const byState = (sources: ListSources, states: readonly ShownState[]): RawBuilder<unknown>[] => {
  const { queues } = sources.tables
  const paused = sql`exists (select 1 from ${queues} q where q.name = n.lane and q.paused_at is not null)`
  const isDue = sql`(n.next_at <= clock_timestamp() and not ${paused})`
  const tests = states.map((state) => {
    if (state === 'scheduled') return sql`(n.state = 'scheduled' and not ${isDue})`
    if (state === 'queued') return sql`(n.state = 'scheduled' and ${isDue})`
    return sql`n.state = ${state}`
  })
  return [sql`(${sql.join(tests, sql` or `)})`, ...shortCut(sources, states)]
}

const hasFailed = sql`n.trouble = ${sql.lit(TROUBLE.failed)}`

/** The conditions that the filters are, on a row `n`. `error` and `provider` are as dead letters are grouped by them; see `repository-dead-letters.ts`. */
export const byFilters = (sources: ListSources, f: Filters): RawBuilder<unknown>[] => [
  ...(f.states === undefined ? [] : byState(sources, f.states)),
  ...(f.channels === undefined ? [] : [sql`n.channel = any(${f.channels}::text[])`]),
  ...(f.to === undefined
    ? []
    : [sql`(n.recipient = to_jsonb(${f.to}::text) or n.recipient @> to_jsonb(${f.to}::text))`]),
  ...(f.tags === undefined ? [] : [sql`n.tags @> ${f.tags}::text[]`]),
  ...(f.groupKey === undefined ? [] : [sql`n.group_key = ${f.groupKey}`]),
  ...(f.dedupeKey === undefined ? [] : [sql`n.dedupe_key = ${f.dedupeKey}`]),
  ...(f.scheduleId === undefined ? [] : [sql`n.schedule_id = ${f.scheduleId}`]),
  ...(f.dueFrom === undefined ? [] : [sql`n.due_at >= ${f.dueFrom}`]),
  ...(f.dueTo === undefined ? [] : [sql`n.due_at < ${f.dueTo}`]),
  ...(f.createdFrom === undefined ? [] : [sql`n.created_at >= ${f.createdFrom}`]),
  ...(f.createdTo === undefined ? [] : [sql`n.created_at < ${f.createdTo}`]),
  ...(f.search === undefined
    ? []
    : [
        sql`concat_ws(chr(10), n.recipient #>> '{}', n.content ->> 'subject', n.content ->> 'message')
            ilike ${contains(f.search)}`,
      ]),
  ...(f.error === undefined
    ? []
    : [
        hasFailed,
        sql`coalesce(${lastAttemptOf(sources.tables, 'n', sql`a.error ->> 'code'`)}, n.reason, 'unknown') = ${f.error}`,
      ]),
  ...(f.provider === undefined
    ? []
    : [
        hasFailed,
        sql`coalesce(${lastAttemptOf(sources.tables, 'n', sql`a.provider`)}, n.channel) = ${f.provider}`,
      ]),
]

/** Condition and order of one page: what comes after the last item of the page before, ties by id. */
export const pageOf = (sources: ListSources, projectId: number, query: ListQuery) => {
  const { sort, after } = query
  const { beyond, order } = keysetByTime(COLUMNS[sort.field], sql`n.id`, { ...sort, after })
  const conditions = [sql`n.project_id = ${projectId}`, ...byFilters(sources, query.filters)]
  return { where: sql`${sql.join(conditions, sql` and `)} ${beyond('and')}`, order }
}
