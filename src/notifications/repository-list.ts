import { type RawBuilder, sql } from 'kysely'
import { TROUBLE } from '../delivery/index.ts'
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
  dueFrom: Date | undefined
  dueTo: Date | undefined
  createdFrom: Date | undefined
  createdTo: Date | undefined
  /** Part of the recipient, the subject or the message, whatever the case. */
  search: string | undefined
}

export interface ListQuery {
  filters: Filters
  sort: { field: SortField; descending: boolean }
  after: { key: string; id: string } | null
}

const COLUMNS = {
  dueAt: sql`n.due_at`,
  createdAt: sql`n.created_at`,
  updatedAt: sql`n.updated_at`,
} satisfies Record<SortField, RawBuilder<unknown>>

/** In a pattern, `%`, `_` and `\` stand for themselves. */
const contains = (text: string): string => `%${text.replaceAll(/[\\%_]/gu, String.raw`\$&`)}%`

const isTrouble = (states: readonly ShownState[]): boolean =>
  states.every((s) => s === 'retrying' || s === 'failed')

/**
 * No index names `state`, as it changes twice a life. What lists by state walk instead: those in trouble are behind an
 * index of their own; what is scheduled has a timer, so that all history before the earliest timer is left out.
 */
const byState = (t: Tables, states: readonly ShownState[]): RawBuilder<unknown>[] => {
  const paused = sql`exists (select 1 from ${t.queues} q where q.name = n.lane and q.paused_at is not null)`
  const isDue = sql`(n.next_at <= clock_timestamp() and not ${paused})`
  const tests = states.map((state) => {
    if (state === 'scheduled') return sql`(n.state = 'scheduled' and not ${isDue})`
    if (state === 'queued') return sql`(n.state = 'scheduled' and ${isDue})`
    return sql`n.state = ${state}`
  })
  const conditions: RawBuilder<unknown>[] = [sql`(${sql.join(tests, sql` or `)})`]
  if (isTrouble(states)) {
    const values = states.map((state) => (state === 'retrying' ? TROUBLE.retrying : TROUBLE.failed))
    conditions.push(sql`n.trouble = any(${values}::smallint[])`)
  }
  if (states.every((state) => state === 'scheduled')) {
    // On a paused lane also what was handed over before: that has no timer any more.
    conditions.push(sql`n.due_at >= case when exists (select 1 from ${t.queues} where paused_at is not null)
      then '-infinity' else least(clock_timestamp(), (select min(due_at) from ${t.timers})) end`)
  }
  return conditions
}

const byFilters = (t: Tables, f: Filters): RawBuilder<unknown>[] => [
  ...(f.states === undefined ? [] : byState(t, f.states)),
  ...(f.channels === undefined ? [] : [sql`n.channel = any(${f.channels}::text[])`]),
  ...(f.to === undefined
    ? []
    : [sql`(n.recipient = to_jsonb(${f.to}::text) or n.recipient @> to_jsonb(${f.to}::text))`]),
  ...(f.tags === undefined ? [] : [sql`n.tags @> ${f.tags}::text[]`]),
  ...(f.groupKey === undefined ? [] : [sql`n.group_key = ${f.groupKey}`]),
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
]

/** Condition and order of one page: what comes after the last item of the page before, ties by id. */
export const pageOf = (t: Tables, projectId: number, query: ListQuery) => {
  const column = COLUMNS[query.sort.field]
  const direction = query.sort.descending ? sql`desc` : sql`asc`
  const beyond = query.sort.descending ? sql`<` : sql`>`
  const conditions = [sql`n.project_id = ${projectId}`, ...byFilters(t, query.filters)]
  if (query.after !== null) {
    conditions.push(
      sql`(${column}, n.id) ${beyond} (${query.after.key}::timestamptz, ${query.after.id}::uuid)`,
    )
  }
  return { where: sql.join(conditions, sql` and `), order: sql`${column} ${direction}, n.id ${direction}` }
}
