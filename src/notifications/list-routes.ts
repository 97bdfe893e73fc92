import { type Static, Type } from 'typebox'
import type { ChannelRegistry } from '../channels/index.ts'
import {
  ANY_OF,
  commaList,
  deadLetterFilter,
  defineList,
  instantFilter,
  keysetOf,
  problems,
  rangeFilter,
  textFilter,
  type Server,
} from '../http/index.ts'
import { isId } from '../platform/ids.ts'
import type { List } from './list.ts'
import type { Filters, ListQuery, SortField } from './repository-list.ts'
import type { Resource, ToResource } from './resource.ts'
import { createResourceSchema, LIMITS, ListSchema, SHOWN_STATES } from './schema.ts'

/** The filters of the list, which those of bulk calls are too. */
export const filters = {
  state: textFilter(200, `${ANY_OF} ${SHOWN_STATES.join(', ')}`),
  channel: textFilter(500, ANY_OF),
  to: textFilter(LIMITS.recipient),
  tag: Type.Optional(
    Type.Union(
      [
        Type.String({ minLength: 1, maxLength: LIMITS.tag }),
        Type.Array(Type.String(), { maxItems: LIMITS.tags }),
      ],
      { description: 'Repeated: all of them.' },
    ),
  ),
  groupKey: textFilter(LIMITS.key),
  dedupeKey: textFilter(LIMITS.key, 'Whether or not it is still pending.'),
  scheduleId: textFilter(100, 'The name of a recurring schedule: its runs.'),
  dueFrom: rangeFilter,
  dueTo: rangeFilter,
  createdFrom: rangeFilter,
  createdTo: rangeFilter,
  q: textFilter(LIMITS.search, 'Part of the recipient, the subject or the message, whatever the case.'),
  error: deadLetterFilter,
  provider: deadLetterFilter,
}

const filterFields = Type.Object(filters)

/** Filters as given → as the statements take them. Throws `invalid-parameter` for values that no schema can refuse. */
export const parseFilters = (given: Static<typeof filterFields>, channels: readonly string[]): Filters => ({
  states: commaList('state', given.state, SHOWN_STATES),
  channels: commaList('channel', given.channel, channels),
  to: given.to,
  tags: given.tag === undefined ? undefined : [given.tag].flat(),
  groupKey: given.groupKey,
  dedupeKey: given.dedupeKey,
  scheduleId: given.scheduleId,
  dueFrom: instantFilter('dueFrom', given.dueFrom),
  dueTo: instantFilter('dueTo', given.dueTo),
  createdFrom: instantFilter('createdFrom', given.createdFrom),
  createdTo: instantFilter('createdTo', given.createdTo),
  search: given.q,
  error: given.error,
  provider: given.provider,
})

const list = defineList<typeof filters, SortField>({
  filters,
  // A cursor of the last one is a place among events.
  sorts: { dueAt: 'instant', createdAt: 'instant', updatedAt: 'text' },
  defaultSort: 'dueAt',
  isId,
})

const positionOf = (item: Resource, field: SortField) => ({ key: item[field], id: item.id })

export const listRoutes = (
  app: Server,
  o: { list: List; channels: ChannelRegistry; toResource: ToResource },
): void => {
  const item = createResourceSchema(o.channels)
  app.get(
    '/v1/notifications',
    {
      config: { access: 'notifications:read' },
      schema: {
        tags: ['notifications'],
        summary: 'List notifications',
        description:
          'A page looks at a bounded number of notifications. Where a filter without an index fits few of them (tag, to, q, channel, most states), it ends early, and may be empty: nextCursor goes on.',
        querystring: list.querystring,
        response: { 200: ListSchema(item), ...problems(['invalid-cursor']) },
      },
    },
    async (request) => {
      const { query } = request
      const page = list.page(query)
      const { after, limit } = keysetOf(page)
      const listQuery: ListQuery = {
        filters: parseFilters(query, o.channels.names),
        sort: page.sort,
        after,
      }
      const { rows, cut } = await o.list.page(request.caller.projectId, limit, listQuery)
      const items = rows.map((row) => o.toResource(row))
      return list.answer(query, items, (last) => positionOf(last, page.sort.field), cut)
    },
  )
}
