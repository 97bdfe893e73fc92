import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ChannelRegistry } from '../channels/index.ts'
import { etagOf, idempotencyOf, isNotModified, parseIfMatch, problems, type Server } from '../http/index.ts'
import type { Create } from './create.ts'
import type { ToResource } from './resource.ts'
import {
  CREATE_PROBLEMS,
  createResourceSchema,
  IdParams,
  type Schemas,
  TIME_PROBLEMS,
  type CreateBody,
  type ChangeBody,
  ResolveBody,
  TimelineSchema,
} from './schema.ts'
import type { Detail } from './repository.ts'
import type { RetryBody, Service } from './service.ts'
import { Type } from 'typebox'

export interface RouteOptions {
  create: Create
  service: Service
  schemas: Schemas
  channels: ChannelRegistry
  toResource: ToResource
}

const tags = ['notifications']
const FINAL_PROBLEMS = ['not-found', 'too-late', 'already-final'] as const

/** Optional on notifications: `*` and an absent header match any version. */
const versionOf = (request: FastifyRequest): number | null => {
  const version = parseIfMatch(request.headers['if-match'])
  return typeof version === 'number' ? version : null
}

export const notificationRoutes = (
  app: Server,
  { create, service, schemas, channels, toResource }: RouteOptions,
): void => {
  const answer = (reply: FastifyReply, { notification, attempts }: Detail) => {
    reply.header('etag', etagOf(notification.generation))
    return toResource(notification, attempts)
  }
  const Resource = createResourceSchema(channels)
  const Cancel = Type.Object({ outcome: Type.Literal('canceled'), state: Type.Literal('canceled') })

  app.post<{ Body: CreateBody }>(
    '/v1/notifications',
    {
      config: { access: 'notifications:write', nullIsAbsent: true, takes: ['Idempotency-Key'] },
      schema: {
        tags,
        summary: 'Schedule a notification',
        body: schemas.create,
        description:
          'Takes `Idempotency-Key`: the same key and body again make nothing new, and are answered as the first time, with the notification as it stands then. 200 where `dedupeKey` is pending already.',
        response: {
          200: Resource,
          201: Resource,
          ...problems(CREATE_PROBLEMS),
        },
      },
    },
    async (request, reply) => {
      const { headers, body } = request
      const idempotency = idempotencyOf(headers['idempotency-key'], body)
      const { how, notification, attempts } = await create.one(request.caller, body, idempotency)
      reply
        .code(how === 'deduplicated' ? 200 : 201)
        .header('location', `/v1/notifications/${notification.id}`)
        .header('etag', etagOf(notification.generation))
      if (how === 'replayed') reply.header('idempotency-replayed', 'true')
      const resource = toResource(notification, attempts)
      return how === 'deduplicated' ? { ...resource, deduplicated: true } : resource
    },
  )

  app.get<{ Params: { id: string } }>(
    '/v1/notifications/:id',
    {
      config: { access: 'notifications:read', takes: ['If-None-Match'] },
      schema: {
        tags,
        summary: 'Read a notification',
        params: IdParams,
        response: { 200: Resource, ...problems(['not-found']) },
      },
    },
    async (request, reply) => {
      const detail = await service.detail(request.caller, request.params.id)
      // That a time has come changes what is shown, and no version.
      const { generation, state } = detail.notification
      if (state !== 'queued' && isNotModified(request.headers['if-none-match'], generation)) {
        return reply.code(304).header('etag', etagOf(generation)).send()
      }
      return answer(reply, detail)
    },
  )

  app.get<{ Params: { id: string } }>(
    '/v1/notifications/:id/timeline',
    {
      config: { access: 'notifications:read' },
      schema: {
        tags,
        summary: 'All that happened, every wait with its reason',
        params: IdParams,
        response: { 200: TimelineSchema, ...problems(['not-found']) },
      },
    },
    async (request) => ({ items: await service.timeline(request.caller, request.params.id) }),
  )

  app.patch<{ Params: { id: string }; Body: ChangeBody & Record<string, unknown> }>(
    '/v1/notifications/:id',
    {
      config: { access: 'notifications:write', takes: ['If-Match'] },
      schema: {
        tags,
        summary: 'Change what has not begun (merge patch)',
        params: IdParams,
        body: schemas.patch,
        response: { 200: Resource, ...problems([...FINAL_PROBLEMS, ...TIME_PROBLEMS, 'version-conflict']) },
      },
    },
    async (request, reply) =>
      answer(reply, await service.patch(request.caller, request.params.id, request.body, versionOf(request))),
  )

  app.post<{ Params: { id: string } }>(
    '/v1/notifications/:id/cancel',
    {
      config: { access: 'notifications:write', lenient: true, takes: ['If-Match'] },
      schema: {
        tags,
        summary: 'Cancel: a 2xx means that it will not be sent',
        params: IdParams,
        response: { 200: Cancel, ...problems([...FINAL_PROBLEMS, 'version-conflict']) },
      },
    },
    async (request) => service.cancel(request.caller, request.params.id, versionOf(request)),
  )

  app.post<{ Params: { id: string } }>(
    '/v1/notifications/:id/send-now',
    {
      config: { access: 'notifications:write', lenient: true, takes: ['If-Match'] },
      schema: {
        tags,
        summary: 'Send at once',
        params: IdParams,
        response: { 200: Resource, ...problems([...FINAL_PROBLEMS, 'version-conflict']) },
      },
    },
    async (request, reply) =>
      answer(reply, await service.sendNow(request.caller, request.params.id, versionOf(request))),
  )

  app.post<{ Params: { id: string }; Body: RetryBody }>(
    '/v1/notifications/:id/retry',
    {
      config: { access: 'notifications:write', optionalBody: true, nullIsAbsent: true, takes: ['If-Match'] },
      schema: {
        tags,
        summary: 'Try again what has failed, expired or was canceled, as it is or edited',
        params: IdParams,
        body: schemas.retry,
        response: {
          200: Resource,
          ...problems(['not-found', 'not-final', 'already-final', 'version-conflict', ...TIME_PROBLEMS]),
        },
      },
    },
    async (request, reply) =>
      answer(reply, await service.retry(request.caller, request.params.id, request.body, versionOf(request))),
  )

  app.post<{ Params: { id: string }; Body: { outcome: 'delivered' | 'failed'; note?: string } }>(
    '/v1/notifications/:id/resolve',
    {
      config: { access: 'notifications:write', nullIsAbsent: true, takes: ['If-Match'] },
      schema: {
        tags,
        summary: 'Settle by an operator’s word',
        params: IdParams,
        body: ResolveBody,
        response: { 200: Resource, ...problems([...FINAL_PROBLEMS, 'version-conflict']) },
      },
    },
    async (request, reply) => {
      const { outcome, note = null } = request.body
      return answer(
        reply,
        await service.resolve(request.caller, request.params.id, { outcome, note }, versionOf(request)),
      )
    },
  )
}
