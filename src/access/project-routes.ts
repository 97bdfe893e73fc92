import { defineList, idempotencyOf, keysetOf, problems, type Server } from '../http/index.ts'
import { isProjectId, type Projects } from './projects.ts'
import { IdParams, ListOf, ProjectBody, ProjectPatch, projectResource, ProjectSchema } from './schema.ts'

const tags = ['projects']
const list = defineList({
  filters: {},
  sorts: { createdAt: 'instant' },
  defaultSort: 'createdAt',
  isId: isProjectId,
})

export const projectRoutes = (app: Server, projects: Projects): void => {
  const config = { access: 'admin' } as const

  app.get(
    '/v1/projects',
    {
      config,
      schema: {
        tags,
        summary: 'List projects: all for admins of default, else the caller’s own',
        querystring: list.querystring,
        response: { 200: ListOf(ProjectSchema), ...problems(['invalid-cursor']) },
      },
    },
    async ({ query, caller }) => {
      const found = await projects.list(caller, keysetOf(list.page(query)))
      const items = found.map(projectResource)
      return list.answer(query, items, (last) => ({ key: last.createdAt.toISOString(), id: last.id }))
    },
  )

  app.post<{ Body: { name: string } }>(
    '/v1/projects',
    {
      config: { access: 'admin', nullIsAbsent: true, takes: ['Idempotency-Key'] },
      schema: {
        tags,
        summary: 'Make a project',
        body: ProjectBody,
        response: {
          201: ProjectSchema,
          ...problems(['already-exists', 'idempotency-key-reused', 'idempotency-in-progress']),
        },
      },
    },
    async ({ caller, body, headers }, reply) => {
      const idempotency = idempotencyOf(headers['idempotency-key'], body)
      const { made, replayed } = await projects.create(caller, body, idempotency)
      reply.code(201).header('location', `/v1/projects/${made.id}`)
      if (replayed) reply.header('idempotency-replayed', 'true')
      return projectResource(made)
    },
  )

  app.get<{ Params: { id: string } }>(
    '/v1/projects/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Read a project',
        params: IdParams,
        response: { 200: ProjectSchema, ...problems(['not-found']) },
      },
    },
    async ({ caller, params }) => projectResource(await projects.find(caller, params.id)),
  )

  app.patch<{ Params: { id: string }; Body: { name?: string } }>(
    '/v1/projects/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Rename a project (merge patch)',
        params: IdParams,
        body: ProjectPatch,
        response: { 200: ProjectSchema, ...problems(['not-found', 'not-final', 'already-exists']) },
      },
    },
    async ({ caller, params, body }) => projectResource(await projects.rename(caller, params.id, body)),
  )

  app.delete<{ Params: { id: string } }>(
    '/v1/projects/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Remove a project of which nothing waits; its keys end',
        params: IdParams,
        response: { 204: { description: 'Removed' }, ...problems(['not-found', 'not-final']) },
      },
    },
    async ({ caller, params }, reply) => {
      await projects.remove(caller, params.id)
      return reply.code(204).send()
    },
  )
}
