import type { Database } from '../platform/database.ts'
import type { Page } from './list.ts'
import type { ListQuery } from './repository-list.ts'
import type { createWalks, Found, WalkPosition } from './repository-walk.ts'
import { readPosition, writePosition } from './walk-position.ts'

export interface ByChangeOptions {
  db: Database
  walks: ReturnType<typeof createWalks>
  byIds(projectId: number, ids: readonly string[]): Promise<Page>
  budgetMs: number
}

type Place = Found & { place: WalkPosition }

/**
 * Pages in the order of the last change, by the events that tell of it: what changes during a walk keeps the place that it had
 * at its beginning, so that each is given once. What is being sent stands where its last event is.
 */
export const createListByChange = (
  o: ByChangeOptions,
): ((projectId: number, wanted: number, query: ListQuery) => Promise<Page>) => {
  const { db, walks } = o
  return async (projectId, wanted, query) => {
    const untilMs = performance.now() + o.budgetMs
    const { descending } = query.sort
    const [first, second] = descending ? (['events', 'rest'] as const) : (['rest', 'events'] as const)
    let place: WalkPosition =
      query.after === null
        ? { bound: await walks.bound(db), phase: first, at: null }
        : readPosition(query.after)
    const found: Place[] = []
    let isEnd = false
    // As long as the last slice took: one that would end beyond the budget is left to the next page.
    let sliceMs = 0
    while (!isEnd && found.length < wanted && performance.now() + sliceMs < untilMs) {
      const begunMs = performance.now()
      const { bound, phase } = place
      const asked = { projectId, filters: query.filters, descending, limit: wanted - found.length }
      const slice = await (phase === 'events' ? walks.events(db, asked, place) : walks.rest(db, asked, place))
      const placeOf = ({ key, at }: Found): WalkPosition => ({
        ...{ bound, phase, at: { key, id: at } },
      })
      found.push(...slice.found.map((one) => ({ ...one, place: placeOf(one) })))
      if (slice.end !== null) place = placeOf(slice.end)
      else if (slice.found.length === asked.limit) place = found.at(-1)?.place ?? place
      else if (phase === first) place = { bound, phase: second, at: null }
      else isEnd = true
      sliceMs = performance.now() - begunMs
    }
    // One more than is shown was asked for: the page ends behind the last one that is.
    const shown = found.slice(0, wanted - 1)
    const page = await o.byIds(
      projectId,
      shown.map(({ id }) => id),
    )
    const rows = page.rows.toSorted((a, b) => {
      const order = a.updatedAt.getTime() - b.updatedAt.getTime() || (a.id < b.id ? -1 : 1)
      return descending ? -order : order
    })
    if (page.cut !== false) {
      const last = shown.find(({ id }) => id === page.rows.at(-1)?.id)?.place ?? place
      return { rows, cut: writePosition(last) }
    }
    if (found.length >= wanted) return { rows, cut: writePosition(shown.at(-1)?.place ?? place) }
    return { rows, cut: isEnd ? false : writePosition(place) }
  }
}
