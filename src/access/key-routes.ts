import { defineList, idempotencyOf, keysetOf, problems, type Server } from '../http/index.ts'
import { isId } from '../platform/ids.ts'
import type { KeyPatch, Keys, NewKeyBody } from './keys.ts'
import {
  IdParams,
  keyBodies,
  keyResource,
  KeySchema,
  ListOf,
  NewKeySchema,
  RotateBody,
  ShownKeySchema,
} from './schema.ts'
import type { Time } from './time.ts'

const tags = ['api-keys']
const TIMES = [
  'time-in-past',
  'time-too-far',
  'ambiguous-time',
  'ambiguous-local-time',
  'unknown-time-zone',
] as const
const DAY_SECONDS = 86_400

const list = defineList({ filters: {}, sorts: { createdAt: 'instant' }, defaultSort: 'createdAt', isId })

/** All within the caller's project. */
export const keyRoutes = (app: Server, keys: Keys, time: Time): void => {
  const config = { access: 'admin' } as const
  const bodies = keyBodies(time)

  app.get(
    '/v1/api-keys',
    {
      config,
      schema: {
        tags,
        summary: 'List API keys',
        querystring: list.querystring,
        response: { 200: ListOf(KeySchema), ...problems(['invalid-cursor']) },
      },
    },
    async ({ query, caller }) => {
      const found = await keys.list(caller, keysetOf(list.page(query)))
      const items = found.map(keyResource)
      return list.answer(query, items, (last) => ({ key: last.createdAt.toISOString(), id: last.id }))
    },
  )

  app.post<{ Body: NewKeyBody }>(
    '/v1/api-keys',
    {
      config: { access: 'admin', nullIsAbsent: true, takes: ['Idempotency-Key'] },
      schema: {
        tags,
        summary: 'Make an API key',
        description:
          'The key itself is in this answer, and in no other. The first one closes an open server at once.',
        body: bodies.create,
        response: {
          201: NewKeySchema,
          ...problems([...TIMES, 'idempotency-key-reused', 'idempotency-in-progress']),
        },
      },
    },
    async (request, reply) => {
      const { headers, body, caller } = request
      const idempotency = idempotencyOf(headers['idempotency-key'], body)
      const { made, replayed } = await keys.create(caller, body, idempotency)
      reply.code(201).header('location', `/v1/api-keys/${made.id}`)
      if (replayed) return reply.header('idempotency-replayed', 'true').send(keyResource(made))
      return { ...keyResource(made), key: made.key }
    },
  )

  app.get<{ Params: { id: string } }>(
    '/v1/api-keys/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Read an API key',
        params: IdParams,
        response: { 200: KeySchema, ...problems(['not-found']) },
      },
    },
    async ({ caller, params }) => keyResource(await keys.find(caller, params.id)),
  )

  app.patch<{ Params: { id: string }; Body: KeyPatch }>(
    '/v1/api-keys/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Change an API key (merge patch)',
        params: IdParams,
        body: bodies.patch,
        response: { 200: KeySchema, ...problems(['not-found', ...TIMES]) },
      },
    },
    async ({ caller, params, body }) => keyResource(await keys.patch(caller, params.id, body)),
  )

  app.post<{ Params: { id: string }; Body: { overlapSeconds?: number } }>(
    '/v1/api-keys/:id/rotate',
    {
      config: { access: 'admin', nullIsAbsent: true, optionalBody: true },
      schema: {
        tags,
        summary: 'Give an API key a new secret; the old one is good for a while',
        params: IdParams,
        body: RotateBody,
        response: { 200: ShownKeySchema, ...problems(['not-found']) },
      },
    },
    async ({ caller, params, body }) => {
      const made = await keys.rotate(caller, params.id, body.overlapSeconds ?? DAY_SECONDS)
      return { ...keyResource(made), key: made.key }
    },
  )

  app.delete<{ Params: { id: string } }>(
    '/v1/api-keys/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Revoke an API key',
        params: IdParams,
        response: { 204: { description: 'Revoked' }, ...problems(['not-found']) },
      },
    },
    async ({ caller, params }, reply) => {
      await keys.revoke(caller, params.id)
      return reply.code(204).send()
    },
  )
}
