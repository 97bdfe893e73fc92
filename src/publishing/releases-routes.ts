import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import {
  defineList,
  etagOf,
  idempotencyOf,
  isNotModified,
  keysetOf,
  languageOf,
  problems,
  type Server,
} from '../http/index.ts'
import { isId } from '../platform/ids.ts'
import { WHEN_PROBLEMS } from './content-routes.ts'
import { expectedOf } from './item-of.ts'
import type { ReleaseBody, ReleaseService } from './releases-service.ts'
import { filters, parseFilters } from './releases-list.ts'
import type { Release } from './repository-releases.ts'
import {
  CreateBody,
  Full,
  PatchBody,
  ResolveBody,
  RetryBody,
  ScheduleBody,
  shared,
  Summary,
  toSummary,
} from './releases-schema.ts'
import { listOf } from './schema.ts'

const tags = ['releases']
const params = Type.Object({ id: Type.String() })

const answer = (reply: FastifyReply, release: Release) => {
  reply.header('etag', etagOf(release.generation))
  return { ...shared(release), items: release.items }
}

const list = defineList({ filters, sorts: { createdAt: 'instant' }, defaultSort: '-createdAt', isId })

const CHANGE = ['not-found', 'version-conflict', 'if-match-required'] as const

/** Items that go live together, all or none. */
export const releaseRoutes = (app: Server, { service }: { service: ReleaseService }): void => {
  const read = { access: 'content:read' } as const
  const change = { access: 'content:publish', takes: ['If-Match'] } as const

  app.post<{ Body: ReleaseBody }>(
    '/v1/releases',
    {
      config: { access: 'content:publish', nullIsAbsent: true, takes: ['Idempotency-Key'] },
      schema: {
        tags,
        summary: 'Make a release',
        body: CreateBody,
        response: { 201: Full, ...problems(['idempotency-key-reused', 'idempotency-in-progress']) },
      },
    },
    async (request, reply) => {
      const { headers, body, caller } = request
      const idempotency = idempotencyOf(headers['idempotency-key'], body)
      const { release, replayed } = await service.create(caller, body, idempotency)
      reply.code(201).header('location', `/v1/releases/${release.id}`)
      if (replayed) reply.header('idempotency-replayed', 'true')
      return answer(reply, release)
    },
  )

  app.get(
    '/v1/releases',
    {
      config: read,
      schema: {
        tags,
        summary: 'List releases',
        querystring: list.querystring,
        response: { 200: listOf(Summary), ...problems(['invalid-cursor']) },
      },
    },
    async ({ query, caller }) => {
      const found = await service.list(caller, parseFilters(query), keysetOf(list.page(query)))
      return list.answer(query, found.map(toSummary), (last) => ({ key: last.createdAt, id: last.id }))
    },
  )

  app.get<{ Params: { id: string } }>(
    '/v1/releases/:id',
    {
      config: { ...read, takes: ['If-None-Match'] },
      schema: {
        tags,
        summary: 'Read a release',
        params,
        response: { 200: Full, ...problems(['not-found']) },
      },
    },
    async (request, reply) => {
      const release = await service.find(request.caller, request.params.id)
      if (isNotModified(request.headers['if-none-match'], release.generation))
        return reply.code(304).header('etag', etagOf(release.generation)).send()
      return answer(reply, release)
    },
  )

  app.patch<{ Params: { id: string }; Body: Partial<ReleaseBody> }>(
    '/v1/releases/:id',
    {
      config: change,
      schema: {
        tags,
        summary: 'Change what is not scheduled (merge patch)',
        params,
        body: PatchBody,
        response: { 200: Full, ...problems([...CHANGE, 'release-frozen']) },
      },
    },
    async (request, reply) => {
      const expected = expectedOf(request.headers['if-match'])
      return answer(reply, await service.patch(request.caller, request.params.id, expected, request.body))
    },
  )

  app.delete<{ Params: { id: string } }>(
    '/v1/releases/:id',
    {
      config: change,
      schema: {
        tags,
        summary: 'Delete what is not scheduled',
        params,
        response: { 204: Type.Null(), ...problems([...CHANGE, 'release-frozen']) },
      },
    },
    async (request, reply) => {
      await service.remove(request.caller, request.params.id, expectedOf(request.headers['if-match']))
      return reply.code(204).send(null)
    },
  )

  app.put<{ Params: { id: string }; Body: { publishAt?: unknown; maxLateSeconds?: number } }>(
    '/v1/releases/:id/schedule',
    {
      config: { ...change, nullIsAbsent: true },
      schema: {
        tags,
        summary: 'Schedule: from then on it is frozen',
        params,
        body: ScheduleBody,
        response: { 200: Full, ...problems([...CHANGE, 'release-frozen', ...WHEN_PROBLEMS]) },
      },
    },
    async (request, reply) => {
      const expected = expectedOf(request.headers['if-match'])
      return answer(reply, await service.schedule(request.caller, request.params.id, expected, request.body))
    },
  )

  app.post<{ Params: { id: string }; Body: { publishAt?: unknown; maxLateSeconds?: number } }>(
    '/v1/releases/:id/retry',
    {
      config: { ...change, optionalBody: true, nullIsAbsent: true },
      schema: {
        tags,
        summary: 'Try again what has failed, was missed or was canceled',
        params,
        body: RetryBody,
        response: { 200: Full, ...problems([...CHANGE, 'not-final', 'already-final', ...WHEN_PROBLEMS]) },
      },
    },
    async (request, reply) => {
      const expected = expectedOf(request.headers['if-match'])
      return answer(reply, await service.retry(request.caller, request.params.id, expected, request.body))
    },
  )

  app.post<{ Params: { id: string }; Body: { note?: string } }>(
    '/v1/releases/:id/resolve',
    {
      config: { ...change, optionalBody: true, nullIsAbsent: true },
      schema: {
        tags,
        summary: 'Settle by an operator’s word what has failed or was missed: it is called off',
        params,
        body: ResolveBody,
        response: { 200: Full, ...problems([...CHANGE, 'not-final', 'already-final']) },
      },
    },
    async (request, reply) => {
      const expected = expectedOf(request.headers['if-match'])
      const { note = null } = request.body
      return answer(reply, await service.resolve(request.caller, request.params.id, expected, note))
    },
  )

  app.post<{ Params: { id: string } }>(
    '/v1/releases/:id/validate',
    {
      config: { access: 'content:publish', lenient: true },
      schema: {
        tags,
        summary: 'Whether it could be published now; changes nothing',
        params,
        response: {
          200: Type.Object({
            valid: Type.Boolean(),
            errors: Type.Array(Type.Object({ path: Type.String(), message: Type.String() })),
          }),
          ...problems(['not-found']),
        },
      },
    },
    async (request) => {
      const errors = await service.validate(request.caller, request.params.id)
      const language = languageOf(request.headers['accept-language'])
      return {
        valid: errors.length === 0,
        errors: errors.map(({ path, message }) => ({ path, message: message[language] })),
      }
    },
  )

  for (const action of ['publish', 'cancel'] as const) {
    app.post<{ Params: { id: string } }>(
      `/v1/releases/:id/${action}`,
      {
        config: { ...change, lenient: true },
        schema: {
          tags,
          summary:
            action === 'publish'
              ? 'Publish at once, all or none'
              : 'Cancel: a 2xx means that it will not happen',
          params,
          response: { 200: Full, ...problems([...CHANGE, 'already-final']) },
        },
      },
      async (request, reply) => {
        const expected = expectedOf(request.headers['if-match'])
        return answer(reply, await service[action](request.caller, request.params.id, expected))
      },
    )
  }
}
