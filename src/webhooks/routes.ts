import { Type } from 'typebox'
import { defineList, idempotencyOf, keysetOf, problems, type Server } from '../http/index.ts'
import { isId } from '../platform/ids.ts'
import { CreateBody, IdParams, IssuedSchema, ListOf, PatchBody, toResource, WebhookSchema } from './schema.ts'
import type { Service } from './service.ts'

const tags = ['webhooks']
const FAULTS = ['invalid-request', 'address-not-allowed'] as const

const list = defineList({
  filters: {},
  sorts: { createdAt: 'instant' },
  defaultSort: '-createdAt',
  isId,
})

/** Endpoints that subscribe to events. */
export const webhookRoutes = (app: Server, { service }: { service: Service }): void => {
  app.post<{ Body: CreateBody }>(
    '/v1/webhooks',
    {
      config: { access: 'admin', nullIsAbsent: true, takes: ['Idempotency-Key'] },
      schema: {
        tags,
        summary: 'Subscribe an endpoint to events',
        description:
          'It hears of what happens from then on. The secret that deliveries are signed with is shown in this answer, and never again.',
        body: CreateBody,
        response: {
          201: IssuedSchema,
          ...problems([
            ...FAULTS,
            'encryption-not-configured',
            'idempotency-key-reused',
            'idempotency-in-progress',
          ]),
        },
      },
    },
    async (request, reply) => {
      const { headers, body, caller } = request
      const idempotency = idempotencyOf(headers['idempotency-key'], body)
      const { webhook, secret } = await service.create(caller, body, idempotency)
      reply.code(201).header('location', `/v1/webhooks/${webhook.id}`)
      if (secret === null) return reply.header('idempotency-replayed', 'true').send(toResource(webhook))
      return { ...toResource(webhook), secret }
    },
  )

  app.get(
    '/v1/webhooks',
    {
      config: { access: 'admin' },
      schema: {
        tags,
        summary: 'List endpoints',
        querystring: list.querystring,
        response: { 200: ListOf(WebhookSchema), ...problems(['invalid-cursor']) },
      },
    },
    async ({ query, caller }) => {
      const found = await service.list(caller, keysetOf(list.page(query)))
      return list.answer(query, found.map(toResource), (last) => ({ key: last.createdAt, id: last.id }))
    },
  )

  app.get<{ Params: { id: string } }>(
    '/v1/webhooks/:id',
    {
      config: { access: 'admin' },
      schema: {
        tags,
        summary: 'Read an endpoint',
        params: IdParams,
        response: { 200: WebhookSchema, ...problems(['not-found']) },
      },
    },
    async ({ caller, params }) => toResource(await service.find(caller, params.id)),
  )

  app.patch<{ Params: { id: string }; Body: PatchBody }>(
    '/v1/webhooks/:id',
    {
      config: { access: 'admin' },
      schema: {
        tags,
        summary: 'Change an endpoint, disable or enable it (merge patch)',
        description: 'One that is enabled hears of what happens from then on.',
        params: IdParams,
        body: PatchBody,
        response: { 200: WebhookSchema, ...problems(['not-found', ...FAULTS]) },
      },
    },
    async ({ caller, params, body }) => toResource(await service.patch(caller, params.id, body)),
  )

  app.delete<{ Params: { id: string } }>(
    '/v1/webhooks/:id',
    {
      config: { access: 'admin', lenient: true },
      schema: {
        tags,
        summary: 'Delete an endpoint: what waits for it is canceled',
        params: IdParams,
        response: { 204: Type.Null(), ...problems(['not-found']) },
      },
    },
    async ({ caller, params }, reply) => {
      await service.remove(caller, params.id)
      return reply.code(204).send()
    },
  )

  app.post<{ Params: { id: string } }>(
    '/v1/webhooks/:id/rotate',
    {
      config: { access: 'admin', lenient: true },
      schema: {
        tags,
        summary: 'Make a new secret: the old one signs as well for 24 hours',
        params: IdParams,
        response: { 200: IssuedSchema, ...problems(['not-found', 'encryption-not-configured']) },
      },
    },
    async ({ caller, params }) => {
      const { webhook, secret } = await service.rotate(caller, params.id)
      return { ...toResource(webhook), secret }
    },
  )
}
