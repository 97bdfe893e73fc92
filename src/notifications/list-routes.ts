import { Type } from 'typebox'
import type { ChannelRegistry } from '../channels/index.ts'
import { commaList, defineList, instantFilter, problems, type Server } from '../http/index.ts'
import type { Database } from '../platform/database.ts'
import { isId } from '../platform/ids.ts'
import type { Repository } from './repository.ts'
import type { SortField } from './repository-list.ts'
import { toResource } from './resource.ts'
import { createResourceSchema, LIMITS, ListSchema, SHOWN_STATES } from './schema.ts'

const Text = (maxLength: number, description?: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength, ...(description && { description }) }))

const Instant = Text(40, 'An instant with Z or an offset (+ as %2B). …From is included, …To is not.')

const ANY_OF = 'A comma list: any of them.'

const filters = {
  state: Text(200, `${ANY_OF} ${SHOWN_STATES.join(', ')}`),
  channel: Text(500, ANY_OF),
  to: Text(320),
  tag: Type.Optional(
    Type.Union(
      [
        Type.String({ minLength: 1, maxLength: LIMITS.tag }),
        Type.Array(Type.String(), { maxItems: LIMITS.tags }),
      ],
      { description: 'Repeated: all of them.' },
    ),
  ),
  groupKey: Text(LIMITS.key),
  dueFrom: Instant,
  dueTo: Instant,
  createdFrom: Instant,
  createdTo: Instant,
  q: Text(LIMITS.search, 'Part of the recipient, the subject or the message, whatever the case.'),
}

const list = defineList<typeof filters, SortField>({
  filters,
  sorts: { dueAt: 'instant', createdAt: 'instant', updatedAt: 'instant' } satisfies Record<
    SortField,
    'instant'
  >,
  defaultSort: 'dueAt',
  isId,
})

export const listRoutes = (
  app: Server,
  o: { db: Database; repository: Repository; channels: ChannelRegistry; projectId: number },
): void => {
  const item = createResourceSchema(o.channels)
  app.get(
    '/v1/notifications',
    {
      schema: {
        tags: ['notifications'],
        summary: 'List notifications',
        querystring: list.querystring,
        response: { 200: ListSchema(item), ...problems(['invalid-cursor']) },
      },
    },
    async (request) => {
      const { query } = request
      const page = list.page(query)
      const rows = await o.repository.list(o.db, o.projectId, page.limit + 1, {
        filters: {
          states: commaList('state', query.state, SHOWN_STATES),
          channels: commaList('channel', query.channel, o.channels.names),
          to: query.to,
          tags: query.tag === undefined ? undefined : [query.tag].flat(),
          groupKey: query.groupKey,
          dueFrom: instantFilter('dueFrom', query.dueFrom),
          dueTo: instantFilter('dueTo', query.dueTo),
          createdFrom: instantFilter('createdFrom', query.createdFrom),
          createdTo: instantFilter('createdTo', query.createdTo),
          search: query.q,
        },
        sort: page.sort,
        after: page.after === null ? null : { key: String(page.after.key), id: page.after.id },
      })
      return list.answer(
        query,
        rows.map((row) => toResource(row)),
        (last) => ({ key: last[page.sort.field], id: last.id }),
      )
    },
  )
}
