import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { etagOf, idempotencyOf, problems, type Server } from '../http/index.ts'
import { YeyakError } from '../platform/errors.ts'
import type { ContentCreate } from './content-create.ts'
import type { ContentService, Found } from './content-service.ts'
import { expectedOf, itemOf } from './item-of.ts'
import { toResource } from './resource.ts'
import { ContentSchema, CreateBody, ItemParams, ItemQuery, PatchBody, TypeParams } from './schema.ts'
import type { Identity } from './types.ts'

export const tags = ['content']

/** Those of a time that is to come; see docs/time.md. */
export const WHEN_PROBLEMS = [
  ...(['publish-at-not-future', 'ambiguous-time', 'ambiguous-local-time'] as const),
  ...(['unknown-time-zone', 'time-too-far'] as const),
] as const
export const CHANGE_PROBLEMS = [
  ...(['unknown-model', 'external-model', 'not-found', 'version-conflict', 'if-match-required'] as const),
] as const

/** The item as it is answered to those who write it: with its draft. */
export const answer = (reply: FastifyReply, { shown, data }: Found) => {
  reply.header('etag', etagOf(shown.version))
  return toResource(shown, data)
}

const locationOf = ({ type, id, locale }: Identity): string =>
  `/v1/content/${type}/${id}${locale === '' ? '' : `?locale=${encodeURIComponent(locale)}`}`

/** Drafts: what is to be read one day. */
export const contentRoutes = (
  app: Server,
  { create, service }: { create: ContentCreate; service: ContentService },
): void => {
  app.post<{ Params: { type: string }; Body: CreateBody }>(
    '/v1/content/:type',
    {
      config: { access: 'content:write', nullIsAbsent: true, takes: ['Idempotency-Key'] },
      schema: {
        tags,
        summary: 'Draft an item, and schedule it if wanted',
        description:
          'A draft may fall short of the schema of its type; what is scheduled may not. `schedule` needs the scope `content:publish` too.',
        params: TypeParams,
        body: CreateBody,
        response: {
          201: ContentSchema,
          ...problems([
            ...(['unknown-model', 'external-model', 'already-exists', 'idempotency-key-reused'] as const),
            ...(['idempotency-in-progress', 'missing-scope', ...WHEN_PROBLEMS] as const),
          ]),
        },
      },
    },
    async (request, reply) => {
      const { headers, body, params, caller } = request
      if (body.schedule !== undefined && !caller.scopes.has('content:publish'))
        throw new YeyakError('missing-scope', { members: { scope: 'content:publish' } })
      // The key is one of this route, whatever the type: with another type it is another request.
      const idempotency = idempotencyOf(headers['idempotency-key'], [params.type, body])
      const made = await create(caller, params.type, body, idempotency)
      reply.code(201).header('location', locationOf(made.shown))
      if (made.replayed) reply.header('idempotency-replayed', 'true')
      return answer(reply, made)
    },
  )

  app.patch<{ Params: { type: string; id: string }; Querystring: ItemQuery; Body: { data?: object } }>(
    '/v1/content/:type/:id',
    {
      config: { access: 'content:write', takes: ['If-Match'] },
      schema: {
        tags,
        summary: 'Edit the draft (merge patch)',
        description:
          'Makes a new revision, or none where nothing has changed. What is live stays as it is; what is scheduled does as its `onEdit` says.',
        params: ItemParams,
        querystring: ItemQuery,
        body: PatchBody,
        response: { 200: ContentSchema, ...problems([...CHANGE_PROBLEMS, 'already-exists']) },
      },
    },
    async (request, reply) => {
      const { data = {} } = request.body
      const expected = expectedOf(request.headers['if-match'])
      return answer(reply, await service.patch(request.caller, itemOf(request), expected, data))
    },
  )

  app.delete<{ Params: { type: string; id: string }; Querystring: ItemQuery }>(
    '/v1/content/:type/:id',
    {
      config: { access: 'content:write', takes: ['If-Match'] },
      schema: {
        tags,
        summary: 'Delete an item with its revisions; nothing of it stays pending',
        params: ItemParams,
        querystring: ItemQuery,
        response: { 204: Type.Null(), ...problems(CHANGE_PROBLEMS) },
      },
    },
    async (request, reply) => {
      await service.remove(request.caller, itemOf(request), expectedOf(request.headers['if-match']))
      return reply.code(204).send()
    },
  )
}
