import { type RawBuilder, sql } from 'kysely'
import { keyset } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'
import type { ContentStatus } from './content-row.ts'
import { isSeen, shownColumns, type View, viewed } from './repository-view.ts'

export const SORT_FIELDS = ['id', 'updatedAt', 'dueAt'] as const
export type SortField = (typeof SORT_FIELDS)[number]

export interface ListQuery {
  type: string
  view: View
  statuses: readonly ContentStatus[] | undefined
  locales: readonly string[] | undefined
  sort: { field: SortField; descending: boolean }
  /** The last one of the page before; `key` is null where it has no value to sort by. */
  after: { key: string | null; id: string; locale: string } | null
}

/** Part of a list: the items of which `where` is true, in the order of `keys`. */
export interface Part {
  where: RawBuilder<unknown>[]
  keys: RawBuilder<unknown>[]
  after: RawBuilder<unknown>[] | null
}

const NAMED = [sql`c.id`, sql`c.locale`]

/** Those with nothing pending have no due time: they come last, whatever the direction, ordered by id. */
export const partsOf = ({ sort, after }: ListQuery): Part[] => {
  const named = after === null ? null : [sql`${after.id}`, sql`${after.locale}`]
  const timed = after === null || named === null ? null : [sql`${after.key}::timestamptz`, ...named]
  if (sort.field === 'id') return [{ where: [], keys: NAMED, after: named }]
  if (sort.field === 'updatedAt') return [{ where: [], keys: [sql`c.updated_at`, ...NAMED], after: timed }]
  const rest: Part = { where: [sql`c.due_at is null`], keys: NAMED, after: null }
  return after !== null && after.key === null
    ? [{ ...rest, after: named }]
    : [{ where: [sql`c.due_at is not null`], keys: [sql`c.due_at`, ...NAMED], after: timed }, rest]
}

const byStatus = (statuses: readonly ContentStatus[] | undefined): RawBuilder<unknown>[] => {
  if (statuses === undefined) return []
  const only = (status: ContentStatus) => statuses.every((one) => one === status)
  return [
    sql`c.status = any(${statuses}::text[])`,
    // What these two imply leads to an index.
    ...(only('published') ? [sql`c.live_revision is not null`] : []),
    ...(only('scheduled') ? [sql`c.due_at is not null`] : []),
  ]
}

/** The beginning of a part: first which items, then what is shown of them, so that what is left out costs little. */
export const partStatement = (t: Tables, projectId: number, query: ListQuery, part: Part, limit: number) => {
  const { beyond, order } = keyset(part.keys, query.sort.descending, part.after)
  const ofType = sql`c.project_id = ${projectId} and c.type = ${query.type}`
  const conditions = [
    ofType,
    ...part.where,
    ...byStatus(query.statuses),
    ...(query.locales === undefined ? [] : [sql`c.locale = any(${query.locales}::text[])`]),
    isSeen(t, query.view),
  ]
  return sql`
    select ${shownColumns(t, sql`v.revision`, sql`v.since`)}
    from (
      select c.id, c.locale from ${t.content} c where ${sql.join(conditions, sql` and `)} ${beyond('and')}
      order by ${order} limit ${limit}) n
    join ${t.content} c on ${ofType} and c.id = n.id and c.locale = n.locale
    cross join ${viewed(t, query.view)}
    order by ${order}`
}
