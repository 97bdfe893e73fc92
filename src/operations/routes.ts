import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { commaList, defineList, keysetOf, languageOf, problems, type Server } from '../http/index.ts'
import { isId } from '../platform/ids.ts'
import { OPERATION_STATES } from './repository.ts'
import { ListOf, OperationSchema, toResource } from './schema.ts'
import type { Service } from './service.ts'

const tags = ['operations']
const languageFor = (request: FastifyRequest) => languageOf(request.headers['accept-language'])
const params = Type.Object({ id: Type.String() })

const list = defineList({
  filters: {
    state: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        description: `A comma list: ${OPERATION_STATES.join(', ')}`,
      }),
    ),
  },
  sorts: { createdAt: 'instant' },
  defaultSort: '-createdAt',
  isId,
})

/** What bulk calls started: to watch, to end early, to take back. */
export const operationRoutes = (app: Server, { service }: { service: Service }): void => {
  app.get(
    '/v1/operations',
    {
      config: { access: 'operate' },
      schema: {
        tags,
        summary: 'List bulk operations',
        querystring: list.querystring,
        response: { 200: ListOf(OperationSchema), ...problems(['invalid-cursor']) },
      },
    },
    async (request) => {
      const { query, caller } = request
      const page = list.page(query)
      const states = commaList('state', query.state, OPERATION_STATES)
      const found = await service.list(caller.projectId, { ...keysetOf(page), states })
      const items = found.map((one) => toResource(one, languageFor(request)))
      return list.answer(query, items, (last) => ({ key: last.createdAt, id: last.id }))
    },
  )

  app.get<{ Params: { id: string } }>(
    '/v1/operations/:id',
    {
      config: { access: 'operate' },
      schema: {
        tags,
        summary: 'Read a bulk operation, and how far it is',
        params,
        response: { 200: OperationSchema, ...problems(['not-found']) },
      },
    },
    async (request) =>
      toResource(await service.find(request.caller.projectId, request.params.id), languageFor(request)),
  )

  app.post<{ Params: { id: string } }>(
    '/v1/operations/:id/abort',
    {
      config: { access: 'operate', lenient: true },
      schema: {
        tags,
        summary: 'End a bulk operation; what it has changed stays changed',
        params,
        response: { 200: OperationSchema, ...problems(['not-found', 'already-final']) },
      },
    },
    async (request) =>
      toResource(await service.abort(request.caller, request.params.id), languageFor(request)),
  )

  app.post<{ Params: { id: string } }>(
    '/v1/operations/:id/undo',
    {
      config: { access: 'operate', lenient: true },
      schema: {
        tags,
        summary: 'Change back what a bulk operation changed and nobody has changed since',
        params,
        response: {
          200: { description: 'It was asked for before.', ...OperationSchema },
          202: OperationSchema,
          ...problems(['not-found', 'not-final', 'undo-expired']),
        },
      },
    },
    async (request, reply) => {
      const { operation, isNew } = await service.undo(request.caller, request.params.id)
      reply.code(isNew ? 202 : 200).header('location', `/v1/operations/${operation.id}`)
      return toResource(operation, languageFor(request))
    },
  )
}
