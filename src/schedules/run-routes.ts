import { Type } from 'typebox'
import {
  commaList,
  defineList,
  etagOf,
  idempotencyOf,
  keysetOf,
  parseIfMatch,
  problems,
  type Server,
} from '../http/index.ts'
import { isId } from '../platform/ids.ts'
import type { Database } from '../platform/database.ts'
import type { MissedPolicy } from './definition.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { Repair } from './repair.ts'
import type { Repository } from './repository.ts'
import type { Resources } from './resource.ts'
import { type ByName, CHANGE_PROBLEMS, params, tags } from './routes.ts'
import { RUN_STATES } from './row.ts'
import { BackfillBody, listOf, ResolveBody, ResumeBody, RunSchema, type Schemas } from './schema.ts'
import type { Service } from './service.ts'
import { createTurn } from './walk.ts'

export interface RunRouteOptions {
  db: Database
  repository: Pick<Repository, 'runs'>
  service: Pick<Service, 'find'>
  lifecycle: Lifecycle
  repair: Repair
  resources: Resources
  schemas: Schemas
}

const list = defineList({
  filters: {
    state: Type.Optional(
      Type.String({
        ...{ minLength: 1, maxLength: 200 },
        description: `A comma list: any of them. ${RUN_STATES.join(', ')}`,
      }),
    ),
  },
  sorts: { occurrenceAt: 'instant' },
  defaultSort: '-occurrenceAt',
  isId,
})

const RunParams = Type.Object({ name: Type.String(), id: Type.String() })

const WHEN_PROBLEMS = [
  ...(['ambiguous-time', 'ambiguous-local-time', 'unknown-time-zone', 'time-too-far'] as const),
] as const

/** What a schedule has run, and what is done to it beside changing what it says. */
export const runRoutes = (app: Server, o: RunRouteOptions): void => {
  const { service, lifecycle, resources, schemas } = o
  const config = { access: 'schedules:write', takes: ['If-Match'] } as const

  app.get<ByName>(
    '/v1/schedules/:name/runs',
    {
      config: { access: 'schedules:read' },
      schema: {
        ...{
          tags,
          summary: 'List the runs of a schedule, the latest first',
          params,
          querystring: list.querystring,
        },
        response: { 200: listOf(RunSchema), ...problems(['not-found', 'invalid-cursor']) },
      },
    },
    async (request) => {
      const query = request.query as Parameters<typeof list.page>[0] & { state?: string }
      const page = keysetOf(list.page(query))
      const states = commaList('state', query.state, RUN_STATES)
      const { id } = await service.find(request.caller, request.params.name)
      const items = await resources.runs(await o.repository.runs(o.db, id, states, page))
      return list.answer(query, items, (last) => ({ key: last.occurrenceAt, id: last.id }))
    },
  )

  app.post<ByName & { Params: { id: string } }>(
    '/v1/schedules/:name/runs/:id/retry',
    {
      config: { access: 'schedules:write', lenient: true },
      schema: {
        ...{ tags, summary: 'Try a run again that could not start what it is for' },
        params: RunParams,
        response: { 200: RunSchema, ...problems(['not-found', 'not-final', 'already-final']) },
      },
    },
    async ({ caller, params: { name, id } }) => {
      const [run] = await resources.runs([await o.repair.retry(caller, name, id)])
      return run
    },
  )

  app.post<ByName & { Params: { id: string }; Body: { note?: string } }>(
    '/v1/schedules/:name/runs/:id/resolve',
    {
      config: { access: 'schedules:write', optionalBody: true, nullIsAbsent: true },
      schema: {
        ...{ tags, summary: 'Settle by an operator’s word a run that waits or has failed' },
        ...{ params: RunParams, body: ResolveBody },
        response: { 200: RunSchema, ...problems(['not-found', 'already-final']) },
      },
    },
    async ({ caller, params: { name, id }, body: { note = null } }) => {
      const [run] = await resources.runs([await o.repair.resolve(caller, name, id, note)])
      return run
    },
  )

  app.post<ByName>(
    '/v1/schedules/:name/pause',
    {
      config: { ...config, lenient: true },
      schema: {
        ...{ tags, summary: 'Pause: what falls due is not run', params },
        response: { 200: schemas.resource, ...problems([...CHANGE_PROBLEMS, 'already-final']) },
      },
    },
    async ({ caller, headers, params: { name } }, reply) => {
      await lifecycle.pause(caller, name, parseIfMatch(headers['if-match']))
      const found = await service.find(caller, name)
      reply.header('etag', etagOf(found.version))
      const [resource] = await resources.schedules([found], createTurn())
      return resource
    },
  )

  app.post<ByName & { Body: { missed?: MissedPolicy; dryRun?: boolean } }>(
    '/v1/schedules/:name/resume',
    {
      config: { ...config, optionalBody: true, nullIsAbsent: true },
      schema: {
        ...{
          tags,
          summary: 'Resume, and make up for what was missed as the policy says',
          params,
          body: ResumeBody,
        },
        description:
          'missedCount: how many runs are made up for, or would be with `dryRun`, which changes nothing and needs no `If-Match`.',
        response: {
          200: Type.Object({ missedCount: Type.Integer() }),
          ...problems([...CHANGE_PROBLEMS, 'already-final']),
        },
      },
    },
    async ({ caller, headers, params: { name }, body }, reply) => {
      const missedCount = await lifecycle.resume(caller, name, parseIfMatch(headers['if-match']), body)
      reply.header('etag', etagOf((await service.find(caller, name)).version))
      return { missedCount }
    },
  )

  app.post<ByName>(
    '/v1/schedules/:name/run-now',
    {
      config: { ...config, lenient: true, takes: ['If-Match', 'Idempotency-Key'] },
      schema: {
        ...{ tags, summary: 'Run once, at once, beside its times', params },
        response: {
          201: RunSchema,
          ...problems([...CHANGE_PROBLEMS, 'idempotency-key-reused', 'idempotency-in-progress']),
        },
      },
    },
    async ({ caller, headers, params: { name } }, reply) => {
      const idempotency = idempotencyOf(headers['idempotency-key'], [name])
      const expected = parseIfMatch(headers['if-match'])
      const { run, replayed } = await lifecycle.runNow(caller, name, expected, idempotency)
      reply.code(201).header('location', `/v1/schedules/${name}/runs`)
      if (replayed) reply.header('idempotency-replayed', 'true')
      const [resource] = await resources.runs([run])
      return resource
    },
  )

  app.post<ByName & { Body: { from: unknown; to: unknown; dryRun?: boolean } }>(
    '/v1/schedules/:name/backfill',
    {
      config: { ...config, nullIsAbsent: true },
      schema: {
        ...{ tags, summary: 'Run what has no run of a past range, up to 10,000', params, body: BackfillBody },
        description:
          'From `from` to before `to`. What has a run already gets no second one. `concurrent` does not apply. A dry run needs no `If-Match`.',
        response: {
          200: Type.Object({ count: Type.Integer() }),
          ...problems([...CHANGE_PROBLEMS, ...WHEN_PROBLEMS]),
        },
      },
    },
    async ({ caller, headers, params: { name }, body }) => ({
      count: await lifecycle.backfill(caller, name, parseIfMatch(headers['if-match']), body),
    }),
  )
}
