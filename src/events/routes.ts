import { defineList, problems, type Server } from '../http/index.ts'
import type { Database } from '../platform/database.ts'
import { afterOf, filterFor } from './filter.ts'
import { BEGINNING, parsePosition, type Position } from './position.ts'
import type { Bounds, EventRepository } from './repository.ts'
import { EventList, feedFilters, toEvent } from './schema.ts'

const list = defineList({
  filters: feedFilters,
  sorts: { id: 'text' },
  defaultSort: 'id',
  isId: (id) => parsePosition(id) !== null,
})

const at = (position: Position) => ({ key: String(position), id: String(position) })

/**
 * Whether what came right after a position is gone: removed by retention, or of another life of the database. Before the
 * first event nothing was, for those who begin there.
 */
export const isLost = (after: Position, { latest, dropped }: Bounds): boolean =>
  after !== BEGINNING && (after < dropped || after > latest)

/** `/v1/events`: what happened, in the order in which it became visible. */
export const eventRoutes = (app: Server, o: { db: Database; repository: EventRepository }): void => {
  app.get(
    '/v1/events',
    {
      config: { access: 'any' },
      schema: {
        tags: ['events'],
        summary: 'List events, oldest first',
        description:
          'Whoever goes on after the last id that he has seen never misses one. Kinds that the caller may not read are left out. A page may have fewer items than `limit` while there is more: see `nextCursor`.',
        querystring: list.querystring,
        response: { 200: EventList, ...problems(['invalid-cursor', 'missing-scope']) },
      },
    },
    async ({ query, caller }) => {
      const { limit, sort, after: last } = list.page(query)
      const filter = filterFor(caller, query)
      const given = afterOf(query.after)
      const from = last === null ? null : parsePosition(last.id)
      const isReset = given !== null && isLost(given, await o.repository.bounds(o.db))
      const first = isReset ? null : given
      const found = await o.repository.page(o.db, filter, {
        after: from ?? (sort.descending ? null : first),
        ...(sort.descending && first !== null && { until: first }),
        descending: sort.descending,
        limit: limit + 1,
      })
      const items = found.events.map(toEvent)
      const answer = list.answer(
        query,
        items,
        (event) => ({ key: event.id, id: event.id }),
        !found.isEnd && at(found.position),
      )
      return isReset ? { ...answer, reset: true as const } : answer
    },
  )
}
