import { Type } from 'typebox'
import { type Caller, defineList, isForAll, problems, type Server } from '../http/index.ts'
import { type Text, YeyakError } from '../platform/errors.ts'
import type { Queues } from './queues.ts'
import { COUNT_LIMIT } from './repository-queues.ts'
import { ListOf } from './schema.ts'

const tags = ['queues']
const params = Type.Object({ name: Type.String() })
const Count = (description: string) =>
  Type.Integer({
    minimum: 0,
    maximum: COUNT_LIMIT,
    description: `${description} Counted up to ${COUNT_LIMIT}.`,
  })

const QueueSchema = Type.Object(
  {
    name: Type.String({ description: 'That of the channel.' }),
    state: Type.Enum(['active', 'paused'], { type: 'string' }),
    scheduled: Count('Wait for their time, or, where it is paused, for its end.'),
    queued: Count('Are due, and wait for a worker.'),
    running: Count('Are with a worker.'),
    perSecond: Type.Number({
      description:
        'Attempts that ended, over the last minute. Of webhooks and publishing: what fell due within it and has ended.',
    }),
    concurrency: Type.Integer({ description: 'Sends at a time, of each worker.' }),
  },
  { title: 'Queue' },
)

/** A name is its own id. */
const list = defineList({
  filters: {},
  sorts: { name: 'text' },
  defaultSort: 'name',
  isId: () => true,
})

/** A queue is one for all projects: whoever operates one of them must not hold up the others. */
const assertForAll = (caller: Caller): void => {
  if (!isForAll(caller))
    throw new YeyakError('missing-scope', { members: { scope: 'operate' }, detail: ONLY_DEFAULT })
}

const ONLY_DEFAULT: Text = {
  en: 'A queue serves all projects, so it is paused and resumed by operators of the project default only.',
  ko: '큐는 모든 프로젝트가 함께 쓰므로 default 프로젝트의 operate 권한으로만 멈추거나 다시 시작할 수 있습니다.',
}

export const queueRoutes = (app: Server, queues: Queues): void => {
  app.get(
    '/v1/queues',
    {
      config: { access: 'operate' },
      schema: {
        tags,
        summary: 'List queues: one a channel',
        querystring: list.querystring,
        response: { 200: ListOf(QueueSchema), ...problems(['invalid-cursor']) },
      },
    },
    async ({ query }) => {
      const page = list.page(query)
      const found = await queues.list(page.after?.id ?? null, page.limit + 1, page.sort.descending)
      return list.answer(query, found, (last) => ({ key: last.name, id: last.name }))
    },
  )

  app.get<{ Params: { name: string } }>(
    '/v1/queues/:name',
    {
      config: { access: 'operate' },
      schema: {
        tags,
        summary: 'Read a queue',
        params,
        response: { 200: QueueSchema, ...problems(['not-found']) },
      },
    },
    (request) => queues.find(request.params.name),
  )

  for (const [action, summary] of [
    ['pause', 'Pause a queue: what falls due stays scheduled'],
    ['resume', 'Resume a queue'],
  ] as const) {
    app.post<{ Params: { name: string } }>(
      `/v1/queues/:name/${action}`,
      {
        config: { access: 'operate', lenient: true },
        schema: { tags, summary, params, response: { 200: QueueSchema, ...problems(['not-found']) } },
      },
      (request) => {
        assertForAll(request.caller)
        return queues[action](request.caller, request.params.name)
      },
    )
  }
}
