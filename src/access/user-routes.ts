import { defineList, idempotencyOf, keysetOf, problems, type Server } from '../http/index.ts'
import { isId } from '../platform/ids.ts'
import { IdParams, ListOf, UserBody, UserPatchBody, userResource, UserSchema } from './schema.ts'
import type { NewUserBody, UserPatch, Users } from './users.ts'

const tags = ['users']
const list = defineList({ filters: {}, sorts: { createdAt: 'instant' }, defaultSort: 'createdAt', isId })

/** For admins of the project default. */
export const userRoutes = (app: Server, users: Users): void => {
  const config = { access: 'admin' } as const

  app.get(
    '/v1/users',
    {
      config,
      schema: {
        tags,
        summary: 'List users',
        querystring: list.querystring,
        response: { 200: ListOf(UserSchema), ...problems(['invalid-cursor']) },
      },
    },
    async ({ query, caller }) => {
      const found = await users.list(caller, keysetOf(list.page(query)))
      const items = found.map(userResource)
      return list.answer(query, items, (last) => ({ key: last.createdAt.toISOString(), id: last.id }))
    },
  )

  app.post<{ Body: NewUserBody }>(
    '/v1/users',
    {
      config: { access: 'admin', nullIsAbsent: true, takes: ['Idempotency-Key'] },
      schema: {
        tags,
        summary: 'Make a user',
        description: 'A repeat by Idempotency-Key is compared without its password.',
        body: UserBody,
        response: {
          201: UserSchema,
          ...problems(['already-exists', 'idempotency-key-reused', 'idempotency-in-progress']),
        },
      },
    },
    async ({ caller, body, headers }, reply) => {
      // Its hash is kept: one of the password, salted or not, would let it be guessed a million times as fast as Argon2 does.
      const { password: _password, ...compared } = body
      const idempotency = idempotencyOf(headers['idempotency-key'], compared)
      const { made, replayed } = await users.create(caller, body, idempotency)
      reply.code(201).header('location', `/v1/users/${made.id}`)
      if (replayed) reply.header('idempotency-replayed', 'true')
      return userResource(made)
    },
  )

  app.get<{ Params: { id: string } }>(
    '/v1/users/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Read a user',
        params: IdParams,
        response: { 200: UserSchema, ...problems(['not-found']) },
      },
    },
    async ({ caller, params }) => userResource(await users.find(caller, params.id)),
  )

  app.patch<{ Params: { id: string }; Body: UserPatch }>(
    '/v1/users/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Change a user (merge patch); a new password ends his sessions',
        params: IdParams,
        body: UserPatchBody,
        response: { 200: UserSchema, ...problems(['not-found', 'already-exists', 'last-admin']) },
      },
    },
    async ({ caller, params, body }) => userResource(await users.patch(caller, params.id, body)),
  )

  app.delete<{ Params: { id: string } }>(
    '/v1/users/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Remove a user, with his sessions',
        params: IdParams,
        response: { 204: { description: 'Removed' }, ...problems(['not-found', 'last-admin']) },
      },
    },
    async ({ caller, params }, reply) => {
      await users.remove(caller, params.id)
      return reply.code(204).send()
    },
  )
}
