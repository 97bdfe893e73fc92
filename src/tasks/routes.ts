import type { FastifyReply, FastifyRequest } from 'fastify'
import { defineList, etagOf, idempotencyOf, problems, type Server } from '../http/index.ts'
import { YeyakError } from '../platform/errors.ts'
import type { Create } from './create.ts'
import { FIELDS_BYTES, identityOf, isParts, parseParts } from './parts.ts'
import type { Tasks } from './registry.ts'
import { toResource, toTask } from './resource.ts'
import {
  checkScheduleBody,
  ListOf,
  NameParams,
  RunSchema,
  SCHEDULE_PROBLEMS,
  ScheduleBody,
  TaskSchema,
} from './schema.ts'

export interface TaskRouteOptions {
  tasks: Tasks
  create: Create
}

const tags = ['tasks']
const MULTIPART = 'multipart/form-data'
/** Beside the file itself: boundaries, headers, and the other parts. */
const PARTS_BYTES = FIELDS_BYTES + 64 * 1024
const JSON_BYTES = 1024 * 1024

const list = defineList({
  filters: {},
  sorts: { name: 'text' },
  defaultSort: 'name',
  isId: (id) => id.length <= 100,
})

const bodyOf = (body: unknown): ScheduleBody => {
  if (!isParts(body)) return body as ScheduleBody
  checkScheduleBody(body.fields)
  return body.fields
}

/** What can be run, and the call that has it run. */
export const taskRoutes = (server: Server, { tasks, create }: TaskRouteOptions): void => {
  server.get(
    '/v1/tasks',
    {
      config: { access: 'tasks:read' },
      schema: {
        tags,
        summary: 'List the tasks that this server knows',
        querystring: list.querystring,
        response: { 200: ListOf(TaskSchema), ...problems(['invalid-cursor']) },
      },
    },
    async ({ query }) => {
      const { sort, after, limit } = list.page(query)
      const ordered = sort.descending ? tasks.names.toReversed() : tasks.names
      const isBeyond = (name: string) =>
        after === null || (sort.descending ? name < after.id : name > after.id)
      const names = ordered.filter(isBeyond).slice(0, limit + 1)
      const items = names.map((name) => toTask(tasks.require(name)))
      return list.answer(query, items, ({ name }) => ({ key: name, id: name }))
    },
  )

  server.get<{ Params: { name: string } }>(
    '/v1/tasks/:name',
    {
      config: { access: 'tasks:read' },
      schema: {
        tags,
        summary: 'Read a task',
        params: NameParams,
        response: { 200: TaskSchema, ...problems(['unknown-task']) },
      },
    },
    async ({ params }) => toTask(tasks.require(params.name)),
  )

  const largest = Math.max(0, ...tasks.all.map(({ upload }) => upload?.maxBytes ?? 0))
  const answer = async (request: FastifyRequest, reply: FastifyReply, name: string, given: unknown) => {
    const parts = isParts(given) ? given : null
    const idempotency = idempotencyOf(
      request.headers['idempotency-key'],
      parts === null ? given : identityOf(parts),
    )
    const created = await create(request.caller, name, bodyOf(given), idempotency, parts?.file ?? null)
    const { how, run, attempts } = created
    reply
      .code(how === 'deduplicated' ? 200 : 201)
      .header('location', `/v1/runs/${run.id}`)
      .header('etag', etagOf(run.generation))
    if (how === 'replayed') reply.header('idempotency-replayed', 'true')
    const resource = toResource(run, attempts)
    return how === 'deduplicated' ? { ...resource, deduplicated: true } : resource
  }

  // A scope of its own, so that no other route takes a body in parts.
  void server.register(async (scoped) => {
    scoped.addContentTypeParser(
      MULTIPART,
      { parseAs: 'buffer', bodyLimit: largest + PARTS_BYTES },
      async (request: FastifyRequest, bytes: Buffer) => {
        const { name } = request.params as { name: string }
        const { upload } = tasks.require(name)
        if (upload === null) throw new YeyakError('unsupported-media-type')
        if (bytes.length > upload.maxBytes + PARTS_BYTES) throw tooLarge(upload.maxBytes)
        const parts = parseParts(request.headers['content-type'] ?? '', bytes)
        if (parts.file.bytes.length > upload.maxBytes) throw tooLarge(upload.maxBytes)
        return parts
      },
    )
    scoped.post<{ Params: { name: string }; Body: unknown }>(
      '/v1/tasks/:name',
      {
        config: {
          access: 'tasks:write',
          nullIsAbsent: true,
          optionalBody: true,
          takes: ['Idempotency-Key'],
        },
        bodyLimit: Math.max(JSON_BYTES, largest + PARTS_BYTES),
        // A body in parts is checked once its fields are read.
        validatorCompiler:
          ({ httpPart }) =>
          (given: unknown) => {
            if (httpPart === 'body' && !isParts(given)) checkScheduleBody(given)
            return true
          },
        schema: {
          tags,
          summary: 'Have a task run',
          description:
            'Takes `Idempotency-Key`: the same key and body again make nothing new, and are answered as the first time, with the run as it stands then. 200 where `dedupeKey` is pending already. A task with an upload takes `multipart/form-data` as well, with a part `file` and the fields of the JSON body as parts of their names.',
          params: NameParams,
          body: ScheduleBody,
          response: { 200: RunSchema, 201: RunSchema, ...problems(SCHEDULE_PROBLEMS) },
        },
      },
      (request, reply) => answer(request, reply, request.params.name, request.body),
    )
  })
}

const tooLarge = (limitBytes: number) => new YeyakError('too-large', { members: { limitBytes } })
