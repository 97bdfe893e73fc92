import { Type } from 'typebox'
import { commaList, defineList, keysetOf, problems, type Server } from '../http/index.ts'
import { isId } from '../platform/ids.ts'
import { FILTERED_STATES } from './repository-filters.ts'
import type { Deliveries } from './deliveries.ts'
import { DeliverySchema, IdParams, ListOf, ResendBody, stateFilter, toDelivery } from './schema.ts'

const tags = ['webhooks']

const list = defineList({
  filters: { state: stateFilter },
  sorts: { createdAt: 'instant' },
  defaultSort: '-createdAt',
  isId,
})

/** What is delivered to an endpoint. */
export const deliveryRoutes = (app: Server, { deliveries }: { deliveries: Deliveries }): void => {
  app.get(
    '/v1/webhooks/:id/deliveries',
    {
      config: { access: 'admin' },
      schema: {
        tags,
        summary: 'List what was delivered to an endpoint, or is to be',
        params: IdParams,
        querystring: list.querystring,
        response: { 200: ListOf(DeliverySchema), ...problems(['not-found', 'invalid-cursor']) },
      },
    },
    async ({ query, params, caller }) => {
      const states = commaList('state', query.state, FILTERED_STATES)
      const found = await deliveries.list(caller, params.id, states, keysetOf(list.page(query)))
      return list.answer(query, found.map(toDelivery), (last) => ({ key: last.createdAt, id: last.id }))
    },
  )

  app.post<{ Params: { id: string } }>(
    '/v1/webhooks/:id/test',
    {
      config: { access: 'admin', lenient: true },
      schema: {
        tags,
        summary: 'Send an event webhook.test at once',
        params: IdParams,
        response: { 202: DeliverySchema, ...problems(['not-found', 'invalid-request']) },
      },
    },
    async ({ caller, params }, reply) =>
      reply.code(202).send(toDelivery(await deliveries.test(caller, params.id))),
  )

  app.post<{ Params: { id: string }; Body: ResendBody }>(
    '/v1/webhooks/:id/resend',
    {
      config: { access: 'admin', nullIsAbsent: true },
      schema: {
        tags,
        summary: 'Send events again, under the same webhook-id',
        description:
          'One event by eventId, or those of a span of time. With failedOnly only what failed or was canceled; otherwise all that the endpoint subscribes to, also what it missed while it was disabled.',
        params: IdParams,
        body: ResendBody,
        response: {
          202: Type.Object({
            count: Type.Integer({ minimum: 0, description: 'Deliveries that were planted.' }),
          }),
          ...problems(['not-found', 'invalid-request']),
        },
      },
    },
    async ({ caller, params, body }, reply) =>
      reply.code(202).send({ count: await deliveries.resend(caller, params.id, body) }),
  )
}
