import { Type } from 'typebox'
import { defineList, etagOf, isNotModified, problems, type Server } from '../http/index.ts'
import { YeyakError } from '../platform/errors.ts'
import { itemOf } from './item-of.ts'
import type { ReadOptions } from './read-routes.ts'
import { toRevision } from './resource.ts'
import { ItemParams, ItemQuery, listOf, MOST_REVISIONS, RevisionParams, RevisionSchema } from './schema.ts'

const NUMBER = /^[1-9]\d{0,9}$/u

const isNumber = (text: string): boolean => NUMBER.test(text) && Number(text) <= MOST_REVISIONS

const list = defineList<typeof ItemQuery.properties, 'revision'>({
  filters: ItemQuery.properties,
  sorts: { revision: 'integer' },
  defaultSort: '-revision',
  isId: isNumber,
})

/** What an item was. Revisions never change, and are there as long as their item. */
export const revisionRoutes = (
  app: Server,
  { db, reads, service }: Pick<ReadOptions, 'db' | 'reads' | 'service'>,
): void => {
  app.get<{ Params: { type: string; id: string }; Querystring: { locale?: string } }>(
    '/v1/content/:type/:id/revisions',
    {
      config: { access: 'content:read' },
      schema: {
        tags: ['content'],
        summary: 'List the revisions of an item, without their data',
        params: ItemParams,
        querystring: list.querystring,
        response: {
          200: listOf(RevisionSchema),
          ...problems(['unknown-model', 'external-model', 'not-found', 'invalid-cursor']),
        },
      },
    },
    async (request) => {
      const { query } = request
      const page = list.page(query)
      const { shown } = await service.find(request.caller, itemOf(request), 'draft')
      const found = await reads.revisions(db, shown.key, {
        limit: page.limit + 1,
        after: page.after === null ? null : Number(page.after.id),
        descending: page.sort.descending,
      })
      const items = found.map((revision) => toRevision(revision, shown))
      return list.answer(query, items, ({ revision }) => ({ key: revision, id: String(revision) }))
    },
  )

  app.get<{ Params: { type: string; id: string; n: string }; Querystring: ItemQuery }>(
    '/v1/content/:type/:id/revisions/:n',
    {
      config: { access: 'content:read', takes: ['If-None-Match'] },
      schema: {
        tags: ['content'],
        summary: 'Read a revision',
        params: RevisionParams,
        querystring: ItemQuery,
        response: {
          200: Type.Object({
            ...RevisionSchema.properties,
            data: Type.Object({}, { additionalProperties: true }),
          }),
          ...problems(['unknown-model', 'external-model', 'not-found']),
        },
      },
    },
    async (request, reply) => {
      const { n } = request.params
      const { shown } = await service.find(request.caller, itemOf(request), 'draft')
      const revision = isNumber(n) ? await reads.revision(db, shown.key, Number(n)) : null
      if (revision === null) throw new YeyakError('not-found')
      const { data, ...line } = revision
      // Whether it is live is not in its version; whoever asks again asks for the data.
      reply.header('etag', etagOf(revision.sha256))
      if (isNotModified(request.headers['if-none-match'], revision.sha256)) return reply.code(304).send()
      return { ...toRevision(line, shown), data }
    },
  )
}
