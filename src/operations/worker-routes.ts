import { Type } from 'typebox'
import { defineList, keysetOf, problems, type Server } from '../http/index.ts'
import type { Database } from '../platform/database.ts'
import { isId } from '../platform/ids.ts'
import type { Tables } from '../platform/tables.ts'
import { createWorkerRepository, type WorkerRow } from './repository-workers.ts'
import { Instant, ListOf } from './schema.ts'

const WorkerSchema = Type.Object(
  {
    id: Type.String({ format: 'uuid', description: 'Of this run of the process.' }),
    host: Type.String(),
    pid: Type.Integer(),
    roles: Type.Array(Type.String(), { description: 'api, worker' }),
    version: Type.String(),
    startedAt: Instant,
    seenAt: Instant,
    alive: Type.Boolean({
      description:
        'Heard of lately. One that was lost stays listed for an hour, one that was stopped does not.',
    }),
    lanes: Type.Array(
      Type.Object({
        queue: Type.String(),
        running: Type.Integer({ description: 'Sends in hand when it was last heard of.' }),
        concurrency: Type.Integer(),
      }),
    ),
  },
  { title: 'Worker' },
)

const list = defineList({ filters: {}, sorts: { startedAt: 'instant' }, defaultSort: '-startedAt', isId })

const toResource = (row: WorkerRow) => ({
  ...row,
  lanes: row.lanes.map(({ queue, running, concurrency }) => ({ queue, running, concurrency })),
  startedAt: row.startedAt.toISOString(),
  seenAt: row.seenAt.toISOString(),
})

/** Workers serve all projects, and so are shown to each that may operate. */
export const workerRoutes = (app: Server, { db, tables }: { db: Database; tables: Tables }): void => {
  const repository = createWorkerRepository(tables)
  app.get(
    '/v1/workers',
    {
      config: { access: 'operate' },
      schema: {
        tags: ['workers'],
        summary: 'List workers: who is alive, and what each does',
        querystring: list.querystring,
        response: { 200: ListOf(WorkerSchema), ...problems(['invalid-cursor']) },
      },
    },
    async ({ query }) => {
      const found = await repository.list(db, keysetOf(list.page(query)))
      return list.answer(query, found.map(toResource), (last) => ({ key: last.startedAt, id: last.id }))
    },
  )
}
