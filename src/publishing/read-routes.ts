import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { commaList, defineList, etagOf, isNotModified, problems, type Server } from '../http/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { cacheControlOf, digestOf } from './caching.ts'
import { type ContentPage, readContentPage } from './content-list.ts'
import { CONTENT_STATUSES } from './content-row.ts'
import type { ContentService } from './content-service.ts'
import { isItemId, isLocale, itemOf } from './item-of.ts'
import type { SortField } from './repository-list.ts'
import type { ContentReads } from './repository-read.ts'
import { toResource } from './resource.ts'
import { ContentSchema, ItemParams, type ItemQuery, listOf, TypeParams } from './schema.ts'
import type { ContentTypes } from './types.ts'
import { refused, viewFilters, type Viewing, viewOf, ViewQuery } from './view-query.ts'

export interface ReadOptions {
  db: Database
  clock: Pick<Clock, 'now'>
  types: ContentTypes
  reads: ContentReads
  service: ContentService
}

const tags = ['content']

const filters = {
  ...viewFilters,
  status: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      description: `A comma list: any of ${CONTENT_STATUSES.join(', ')}`,
    }),
  ),
  locale: Type.Optional(Type.String({ maxLength: 500, description: 'A comma list: any of them.' })),
}
const isKnown = (request: FastifyRequest, version: number | string): boolean =>
  isNotModified(request.headers['if-none-match'], version)

const list = defineList<typeof filters, SortField>({
  filters,
  sorts: { id: 'text', updatedAt: 'instant', dueAt: 'instant' } satisfies Record<
    SortField,
    'text' | 'instant'
  >,
  // The only order that no change of an item moves it in.
  defaultSort: 'id',
  nullable: ['dueAt'],
  isId: (text) => {
    const { id, locale } = namedBy(text)
    return isItemId(id) && isLocale(locale)
  },
})

/** In cursors: an id has no colon in it. */
const namedBy = (text: string) => {
  const at = text.indexOf(':')
  return { id: text.slice(0, at), locale: text.slice(at + 1) }
}

type Item = ContentPage['items'][number]
const keyOf = ({ shown }: Item, field: SortField): string | null =>
  field === 'id' ? shown.id : ((field === 'updatedAt' ? shown.updatedAt : shown.dueAt)?.toISOString() ?? null)

export const readRoutes = (app: Server, o: ReadOptions): void => {
  app.get<{ Params: { type: string }; Querystring: Static<typeof list.querystring> & Viewing }>(
    '/v1/content/:type',
    {
      config: { access: 'content:read', takes: ['If-None-Match'] },
      schema: {
        tags,
        summary: 'List the items of a type',
        description: 'Sorted by `dueAt`, what has nothing pending comes last.',
        params: TypeParams,
        querystring: list.querystring,
        response: {
          200: listOf(ContentSchema),
          ...problems(['unknown-model', 'external-model', 'invalid-cursor']),
        },
      },
    },
    async (request, reply) => {
      const { query, params, caller } = request
      const { name: type } = o.types.require(params.type)
      const page = list.page(query)
      const view = await viewOf(o.clock, query)
      const statuses = commaList('status', query.status, CONTENT_STATUSES)
      if (statuses !== undefined && view instanceof Date)
        throw refused(
          'status',
          'cannot be asked for together with asOf, which tells what is published then',
          'asOf는 그 시각에 게시된 것을 알려 주므로 status와 함께 쓸 수 없습니다.',
        )
      const after = page.after === null ? null : { key: page.after.key, ...namedBy(page.after.id) }
      const { items, isCut } = await readContentPage(
        o.db,
        o.reads,
        caller.projectId,
        {
          ...{ type, view, statuses, sort: page.sort },
          locales: query.locale?.split(',').map((text) => text.trim()),
          after: after === null ? null : { ...after, key: after.key === null ? null : String(after.key) },
        },
        page.limit,
      )
      const asOf = view instanceof Date ? view : null
      const { nextCursor } = list.answer(
        query,
        items,
        (item) => ({ key: keyOf(item, page.sort.field), id: `${item.shown.id}:${item.shown.locale}` }),
        isCut,
      )
      const body = { items: items.map(({ shown, data }) => toResource(shown, data, asOf)), nextCursor }
      const digest = digestOf(body)
      reply.header('etag', etagOf(digest))
      if (view === 'live') {
        const seconds = await o.reads.nextInSeconds(o.db, caller.projectId, type)
        reply.header('cache-control', cacheControlOf(seconds))
      }
      return isKnown(request, digest) ? reply.code(304).send() : body
    },
  )

  app.get<{ Params: { type: string; id: string }; Querystring: ItemQuery & Viewing }>(
    '/v1/content/:type/:id',
    {
      config: { access: 'content:read', takes: ['If-None-Match'] },
      schema: {
        tags,
        summary: 'Read an item',
        params: ItemParams,
        querystring: ViewQuery,
        response: { 200: ContentSchema, ...problems(['unknown-model', 'external-model', 'not-found']) },
      },
    },
    async (request, reply) => {
      const view = await viewOf(o.clock, request.query)
      const { shown, data } = await o.service.find(request.caller, itemOf(request), view)
      reply.header('etag', etagOf(shown.version))
      if (view === 'live') reply.header('cache-control', cacheControlOf(shown.nextInSeconds))
      if (isKnown(request, shown.version)) return reply.code(304).send()
      return toResource(shown, data, view instanceof Date ? view : null)
    },
  )
}
