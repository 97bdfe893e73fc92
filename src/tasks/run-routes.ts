import type { FastifyReply, FastifyRequest } from 'fastify'
import { etagOf, isNotModified, keysetOf, parseIfMatch, problems, type Server } from '../http/index.ts'
import type { Database } from '../platform/database.ts'
import type { Detail, Repository } from './repository.ts'
import { toResource } from './resource.ts'
import { parseFilters, runList } from './run-list.ts'
import {
  CancelingSchema,
  CancelSchema,
  IdParams,
  ListOf,
  ResolveBody,
  RetryBody,
  RunSchema,
  TIME_PROBLEMS,
  TimelineSchema,
} from './schema.ts'
import type { RetryBody as RunRetry, Service } from './service.ts'

export interface RunRouteOptions {
  db: Database
  repository: Repository
  service: Service
}

type Id = { Params: { id: string } }

const tags = ['runs']
const FINAL_PROBLEMS = ['not-found', 'too-late', 'already-final', 'version-conflict'] as const

/** Optional: `*` and an absent header match any version. */
const versionOf = (request: FastifyRequest): number | null => {
  const version = parseIfMatch(request.headers['if-match'])
  return typeof version === 'number' ? version : null
}

export const runRoutes = (app: Server, { db, repository, service }: RunRouteOptions): void => {
  const answer = (reply: FastifyReply, { run, attempts }: Detail) => {
    reply.header('etag', etagOf(run.generation))
    return toResource(run, attempts)
  }
  const acting = { access: 'tasks:write', lenient: true, takes: ['If-Match'] } as const

  app.get(
    '/v1/runs',
    {
      config: { access: 'tasks:read' },
      schema: {
        tags,
        summary: 'List runs',
        description:
          'A page looks at a bounded number of runs. Where a filter fits few of them, it ends early, and may be empty: nextCursor goes on.',
        querystring: runList.querystring,
        response: { 200: ListOf(RunSchema), ...problems(['invalid-cursor']) },
      },
    },
    async ({ query, caller }) => {
      const page = runList.page(query)
      const { field } = page.sort
      const keyset = { ...keysetOf(page) }
      const found = await repository.list(db, caller.projectId, parseFilters(query), field, keyset)
      const items = found.rows.map((run) => toResource(run))
      return runList.answer(query, items, (last) => ({ key: last[field], id: last.id }), found.cut ?? false)
    },
  )

  app.get<Id>(
    '/v1/runs/:id',
    {
      config: { access: 'tasks:read', takes: ['If-None-Match'] },
      schema: {
        tags,
        summary: 'Read a run, with its attempts and its result',
        params: IdParams,
        response: { 200: RunSchema, ...problems(['not-found']) },
      },
    },
    async (request, reply) => {
      const detail = await service.detail(request.caller, request.params.id)
      const { generation, state } = detail.run
      // That a time has come, or how far it is, changes what is shown, and no version.
      const isStill = state !== 'queued' && state !== 'running'
      if (isStill && isNotModified(request.headers['if-none-match'], generation))
        return reply.code(304).header('etag', etagOf(generation)).send()
      return answer(reply, detail)
    },
  )

  app.get<Id>(
    '/v1/runs/:id/timeline',
    {
      config: { access: 'tasks:read' },
      schema: {
        tags,
        summary: 'All that happened, every wait with its reason',
        params: IdParams,
        response: { 200: TimelineSchema, ...problems(['not-found']) },
      },
    },
    async ({ caller, params }) => ({ items: await service.timeline(caller, params.id) }),
  )

  app.post<Id>(
    '/v1/runs/:id/cancel',
    {
      config: acting,
      schema: {
        tags,
        summary: 'Cancel: 200 means that it will not run, 202 that it is told to stop',
        description:
          'A running one is final within three seconds: canceled, or what it ended as before it was told.',
        params: IdParams,
        response: {
          200: CancelSchema,
          202: CancelingSchema,
          ...problems(['not-found', 'already-final', 'version-conflict']),
        },
      },
    },
    async (request, reply) => {
      const canceled = await service.cancel(request.caller, request.params.id, versionOf(request))
      return reply.code(canceled.outcome === 'canceling' ? 202 : 200).send(canceled)
    },
  )

  app.post<Id>(
    '/v1/runs/:id/send-now',
    {
      config: acting,
      schema: {
        tags,
        summary: 'Run at once',
        params: IdParams,
        response: { 200: RunSchema, ...problems(FINAL_PROBLEMS) },
      },
    },
    async (request, reply) =>
      answer(reply, await service.sendNow(request.caller, request.params.id, versionOf(request))),
  )

  app.post<Id & { Body: RunRetry }>(
    '/v1/runs/:id/retry',
    {
      config: { access: 'tasks:write', optionalBody: true, nullIsAbsent: true, takes: ['If-Match'] },
      schema: {
        tags,
        summary: 'Run again what has failed, expired or was canceled, as it is or edited',
        params: IdParams,
        body: RetryBody,
        response: {
          200: RunSchema,
          ...problems([
            'not-found',
            'not-final',
            'already-final',
            'duplicate',
            'version-conflict',
            ...TIME_PROBLEMS,
          ]),
        },
      },
    },
    async (request, reply) =>
      answer(reply, await service.retry(request.caller, request.params.id, request.body, versionOf(request))),
  )

  app.post<Id & { Body: { outcome: 'succeeded' | 'failed'; note?: string } }>(
    '/v1/runs/:id/resolve',
    {
      config: { access: 'tasks:write', nullIsAbsent: true, takes: ['If-Match'] },
      schema: {
        tags,
        summary: 'Settle by an operator’s word',
        params: IdParams,
        body: ResolveBody,
        response: { 200: RunSchema, ...problems(FINAL_PROBLEMS) },
      },
    },
    async (request, reply) => {
      const { outcome, note = null } = request.body
      const to = { outcome, note }
      return answer(reply, await service.resolve(request.caller, request.params.id, to, versionOf(request)))
    },
  )
}
