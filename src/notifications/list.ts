import type { Database } from '../platform/database.ts'
import { inOrder } from '../platform/in-order.ts'
import type { Notification, Repository } from './repository.ts'
import type { Filters, ListQuery, ListSources } from './repository-list.ts'
import { createListByChange } from './list-by-change.ts'
import { createWalks } from './repository-walk.ts'
import { isInstant, type Position } from './walk-position.ts'

export interface Page {
  rows: Notification[]
  /** The page ends before its limit, and there may be more: behind this, or behind its last row where `true`. */
  cut: Position | boolean
}

export interface ListOptions {
  db: Database
  repository: Repository
  sources: ListSources
}

/** Rows read at once. */
const SLICE = 50
/** About how much JSON a page may be, in characters: messages of 256 kB would fill the memory. */
const PAGE_BYTES = 8 * 1024 * 1024
/** After this a walk stops at where it is. */
const BUDGET_MS = 30
/** Up to so many, everything is sorted, which takes some milliseconds and gives whole pages. */
const SMALL_PROJECT = 5_000

const isOnly = (filters: Filters, names: readonly (keyof Filters)[]): boolean =>
  Object.entries(filters).every(([name, value]) => value === undefined || names.some((own) => own === name))

const isWithin = (states: Filters['states'], of: readonly string[]): boolean =>
  states !== undefined && states.every((state) => of.includes(state))

/** Whether an index leads to few rows, of which then all are looked at. */
const isSelective = ({ groupKey, dedupeKey, states, error, provider }: Filters): boolean =>
  groupKey !== undefined ||
  error !== undefined ||
  provider !== undefined ||
  dedupeKey !== undefined ||
  isWithin(states, ['failed', 'retrying']) ||
  isWithin(states, ['queued', 'sending'])

/** Whether the first rows of an index are the first of the page: nothing but its own range, or what lies at its end, is asked for. */
const isInOrder = (filters: Filters, field: 'dueAt' | 'createdAt'): boolean =>
  field === 'createdAt'
    ? isOnly(filters, ['createdFrom', 'createdTo'])
    : isOnly(filters, ['dueFrom', 'dueTo', 'scheduleId']) ||
      (isWithin(filters.states, ['scheduled']) && isOnly(filters, ['dueFrom', 'dueTo', 'states']))

/** The list of notifications. Each page costs some tens of milliseconds at most, whatever is asked for. */
export const createList = ({ db, repository, sources }: ListOptions) => {
  const walks = createWalks(sources)

  const bytesOf = (rows: readonly Notification[]): number =>
    rows.reduce(
      (sum, row) => sum + JSON.stringify(row.content).length + JSON.stringify(row.metadata).length,
      0,
    )

  /** Whole rows a slice at a time, until there are enough of them or they are too large. */
  const gather = async (
    wanted: number,
    read: (limit: number, last: Notification | undefined) => Promise<Notification[]>,
  ): Promise<Page> => {
    const rows: Notification[] = []
    let bytes = 0
    while (rows.length < wanted) {
      const limit = Math.min(SLICE, wanted - rows.length)
      const slice = await read(limit, rows.at(-1))
      rows.push(...slice)
      bytes += bytesOf(slice)
      if (slice.length < limit) return { rows, cut: false }
      if (bytes > PAGE_BYTES) return { rows, cut: rows.length < wanted }
    }
    return { rows, cut: false }
  }

  const direct = (projectId: number, wanted: number, query: ListQuery): Promise<Page> =>
    gather(wanted, (limit, last) =>
      repository.list(db, projectId, limit, {
        ...query,
        after: last === undefined ? query.after : { key: last[query.sort.field].toISOString(), id: last.id },
      }),
    )

  const byIds = async (projectId: number, ids: readonly string[]): Promise<Page> => {
    let taken = 0
    // What was deleted meanwhile is left out, and the slice is still one.
    const rows: Notification[] = []
    let bytes = 0
    while (taken < ids.length) {
      const some = ids.slice(taken, taken + SLICE)
      const slice = inOrder(some, await repository.listed(db, projectId, some))
      rows.push(...slice)
      taken += some.length
      bytes += bytesOf(slice)
      if (bytes > PAGE_BYTES && taken < ids.length) return { rows, cut: true }
    }
    return { rows, cut: false }
  }

  const scan = async (
    projectId: number,
    wanted: number,
    query: ListQuery,
    field: 'dueAt' | 'createdAt',
  ): Promise<Page> => {
    const untilMs = performance.now() + BUDGET_MS
    const ids: string[] = []
    let after = query.after
    for (;;) {
      const begunMs = performance.now()
      const limit = wanted - ids.length
      const sort = { field, descending: query.sort.descending }
      const found = await walks.scan(db, { projectId, filters: query.filters, sort, after, limit })
      ids.push(...found.ids)
      const isEnough = ids.length >= wanted
      // As long as the last slice took: one that would end beyond the budget is left to the next page.
      const sliceMs = performance.now() - begunMs
      if (isEnough || found.end === null || performance.now() + sliceMs > untilMs) {
        const page = await byIds(projectId, ids)
        return page.cut !== false || isEnough || found.end === null ? page : { ...page, cut: found.end }
      }
      after = found.end
    }
  }

  const byChange = createListByChange({ db, walks, byIds, budgetMs: BUDGET_MS })

  return {
    /** Up to `wanted` rows, which is one more than is shown. */
    async page(projectId: number, wanted: number, query: ListQuery): Promise<Page> {
      const { filters, sort } = query
      if (sort.field !== 'updatedAt')
        return isSelective(filters) || isInOrder(filters, sort.field)
          ? direct(projectId, wanted, query)
          : scan(projectId, wanted, query, sort.field)
      return isDirect(query.after, isSelective(filters) || (await walks.size(db, projectId)) <= SMALL_PROJECT)
        ? direct(projectId, wanted, query)
        : byChange(projectId, wanted, query)
    },
  }
}

/** A walk goes on as it began, even where the project has grown beyond what is sorted meanwhile. */
const isDirect = (after: Position | null, isWanted: boolean): boolean =>
  after === null ? isWanted : isInstant(after.key)

export type List = ReturnType<typeof createList>
