import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import type { Startable } from '../delivery/index.ts'
import {
  commaList,
  defineList,
  etagOf,
  idempotencyOf,
  isNotModified,
  keysetOf,
  parseIfMatch,
  problems,
  type Server,
} from '../http/index.ts'
import { YeyakError } from '../platform/errors.ts'
import { isId } from '../platform/ids.ts'
import type { Given } from './definition.ts'
import type { Resources } from './resource.ts'
import { SCHEDULE_STATES } from './row.ts'
import { isName, listOf, type Schemas } from './schema.ts'
import type { Found, Service } from './service.ts'
import { createTurn } from './walk.ts'

export interface RouteOptions {
  service: Service
  resources: Resources
  schemas: Schemas
  kinds: ReadonlyMap<string, Startable>
}

export const tags = ['schedules']
export const params = Type.Object({ name: Type.String() })
export type ByName = { Params: { name: string } }

/** Why a schedule is not made, beside what is wrong with its body. */
const WRITE_PROBLEMS = [
  ...(['unbounded-schedule', 'missing-scope', 'unknown-time-zone', 'ambiguous-time'] as const),
  ...(['ambiguous-local-time', 'time-too-far', 'channel-not-configured', 'address-not-allowed'] as const),
  ...(['expires-before-due', 'unknown-model', 'external-model', 'unknown-task'] as const),
] as const
export const CHANGE_PROBLEMS = ['not-found', 'version-conflict', 'if-match-required'] as const

const STATES = Type.Optional(
  Type.String({
    ...{ minLength: 1, maxLength: 200 },
    description: `A comma list: any of them. ${SCHEDULE_STATES.join(', ')}`,
  }),
)

const list = defineList({
  filters: { state: STATES },
  sorts: { name: 'text', createdAt: 'instant' },
  defaultSort: 'name',
  isId: (id) => isId(id) || isName(id),
})

export const scheduleRoutes = (app: Server, { service, resources, schemas, kinds }: RouteOptions): void => {
  const answer = async (reply: FastifyReply, found: Found) => {
    reply.header('etag', etagOf(found.version))
    const [resource] = await resources.schedules([found], createTurn())
    return resource
  }
  const description = `Exactly one of ${[...kinds.keys()].join(', ')} says what each run starts; whoever makes such a schedule needs the scope for that, too.`

  app.post<{ Body: Given & { name: string } }>(
    '/v1/schedules',
    {
      config: { access: 'schedules:write', nullIsAbsent: true, takes: ['Idempotency-Key'] },
      schema: {
        ...{ tags, description, summary: 'Make a recurring schedule', body: schemas.create },
        response: {
          201: schemas.resource,
          ...problems([
            ...WRITE_PROBLEMS,
            ...(['already-exists', 'idempotency-key-reused', 'idempotency-in-progress'] as const),
          ]),
        },
      },
    },
    async ({ caller, body, headers }, reply) => {
      const idempotency = idempotencyOf(headers['idempotency-key'], body)
      const { schedule, replayed } = await service.create(caller, body, idempotency)
      reply.code(201).header('location', `/v1/schedules/${schedule.name}`)
      if (replayed) reply.header('idempotency-replayed', 'true')
      return answer(reply, schedule)
    },
  )

  app.put<ByName & { Body: Given }>(
    '/v1/schedules/:name',
    {
      config: { access: 'schedules:write', nullIsAbsent: true, takes: ['If-Match'] },
      schema: {
        ...{ tags, summary: 'Make or replace a recurring schedule', params, body: schemas.put },
        description: `${description} The same body changes nothing. \`If-Match\` is needed only where something there is changed; \`*\` stands for any version, and for none.`,
        response: {
          200: schemas.resource,
          201: schemas.resource,
          ...problems([...WRITE_PROBLEMS, 'not-found', 'version-conflict', 'if-match-required']),
        },
      },
    },
    async ({ caller, body, headers, params: { name } }, reply) => {
      if (!isName(name)) throw new YeyakError('not-found')
      if (body.name !== undefined && body.name !== name)
        throw new YeyakError('invalid-request', {
          errors: [{ path: 'name', message: OTHER_NAME, suggestion: name }],
        })
      const how = await service.put(caller, name, parseIfMatch(headers['if-match']), body)
      if (how === 'created') reply.code(201).header('location', `/v1/schedules/${name}`)
      return answer(reply, await service.find(caller, name))
    },
  )

  app.get(
    '/v1/schedules',
    {
      config: { access: 'schedules:read' },
      schema: {
        ...{ tags, summary: 'List recurring schedules', querystring: list.querystring },
        response: { 200: listOf(schemas.resource), ...problems(['invalid-cursor']) },
      },
    },
    async ({ query, caller }) => {
      const page = list.page(query)
      const states = commaList('state', query.state, SCHEDULE_STATES)
      const keys = { ...keysetOf(page), by: page.sort.field }
      const found = await service.list(caller, states, keys)
      const ids = new Map(found.map((one) => [one.name, one.id]))
      const items = await resources.schedules(found, createTurn())
      return list.answer(query, items, (last) => ({
        key: last[page.sort.field],
        id: ids.get(last.name) ?? '',
      }))
    },
  )

  app.get<ByName>(
    '/v1/schedules/:name',
    {
      config: { access: 'schedules:read', takes: ['If-None-Match'] },
      schema: {
        ...{ tags, summary: 'Read a recurring schedule', params },
        description:
          'A run changes `nextRuns` and `lastRun`, and no version: 304 is answered only while none has come since the last change.',
        response: { 200: schemas.resource, ...problems(['not-found']) },
      },
    },
    async (request, reply) => {
      const found = await service.find(request.caller, request.params.name)
      const startedAt = found.lastRun?.startedAt ?? null
      const hasRun = startedAt !== null && startedAt >= found.updatedAt
      if (!hasRun && isNotModified(request.headers['if-none-match'], found.version))
        return reply.code(304).header('etag', etagOf(found.version)).send()
      return answer(reply, found)
    },
  )

  app.patch<ByName & { Body: Record<string, unknown> }>(
    '/v1/schedules/:name',
    {
      config: { access: 'schedules:write', takes: ['If-Match'] },
      schema: {
        ...{ tags, summary: 'Change a recurring schedule (merge patch)', params, body: schemas.patch },
        description:
          'What it comes to is checked as a whole. To change cron into rrule, clear the one with null.',
        response: { 200: schemas.resource, ...problems([...CHANGE_PROBLEMS, ...WRITE_PROBLEMS]) },
      },
    },
    async ({ caller, body, headers, params: { name } }, reply) =>
      answer(reply, await service.patch(caller, name, parseIfMatch(headers['if-match']), body)),
  )

  app.delete<ByName>(
    '/v1/schedules/:name',
    {
      config: { access: 'schedules:write', takes: ['If-Match'] },
      schema: {
        ...{ tags, summary: 'Delete a recurring schedule; what its runs have started goes on', params },
        response: { 204: Type.Null(), ...problems(CHANGE_PROBLEMS) },
      },
    },
    async ({ caller, headers, params: { name } }, reply) => {
      await service.remove(caller, name, parseIfMatch(headers['if-match']))
      return reply.code(204).send(null)
    },
  )
}

const OTHER_NAME = {
  en: 'is not the name in the path: a schedule cannot be renamed',
  ko: '경로의 이름과 다릅니다. 일정의 이름은 바꿀 수 없습니다.',
}
