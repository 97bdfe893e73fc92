import { type Static, Type } from 'typebox'
import { commaList, defineList, instantFilter, keysetOf, problems, type Server } from '../http/index.ts'
import { isId } from '../platform/ids.ts'
import type { Repair } from './repair.ts'
import { type DeliveryFilters, FILTERED_STATES } from './repository-filters.ts'
import { DeliverySchema, filters, IdParams, ListOf, ResolveBody, toDelivery } from './schema.ts'

const tags = ['webhook-deliveries']
const config = { access: 'admin' } as const

const filterFields = Type.Object(filters)

/** Filters as given → as the statements take them. Throws `invalid-parameter` for values that no schema can refuse. */
export const parseFilters = (given: Static<typeof filterFields>): DeliveryFilters => ({
  webhookId: given.webhookId,
  states: commaList('state', given.state, FILTERED_STATES),
  types: given.type?.split(',').map((part) => part.trim()),
  createdFrom: instantFilter('createdFrom', given.createdFrom),
  createdTo: instantFilter('createdTo', given.createdTo),
  error: given.error,
  provider: given.provider,
})

const list = defineList({ filters, sorts: { dueAt: 'instant' }, defaultSort: '-dueAt', isId })

/** Deliveries whatever their endpoint: to find what failed, to send it again, to settle it. */
export const repairRoutes = (app: Server, { repair }: { repair: Repair }): void => {
  app.get(
    '/v1/webhook-deliveries',
    {
      config,
      schema: {
        tags,
        summary: 'List what was delivered to endpoints, or is to be',
        querystring: list.querystring,
        response: { 200: ListOf(DeliverySchema), ...problems(['invalid-cursor']) },
      },
    },
    async ({ query, caller }) => {
      const { rows, end } = await repair.list(caller, parseFilters(query), keysetOf(list.page(query)))
      const position = (last: Static<typeof DeliverySchema>) => ({ key: last.dueAt, id: last.id })
      return list.answer(query, rows.map(toDelivery), position, end ?? false)
    },
  )

  app.post<{ Params: { id: string } }>(
    '/v1/webhook-deliveries/:id/retry',
    {
      config: { ...config, lenient: true },
      schema: {
        tags,
        summary: 'Send again what has failed or was canceled, under the same webhook-id',
        params: IdParams,
        response: {
          200: DeliverySchema,
          ...problems(['not-found', 'not-final', 'already-final', 'invalid-request']),
        },
      },
    },
    async ({ caller, params }) => toDelivery(await repair.retry(caller, params.id)),
  )

  app.post<{ Params: { id: string }; Body: ResolveBody }>(
    '/v1/webhook-deliveries/:id/resolve',
    {
      config: { ...config, nullIsAbsent: true },
      schema: {
        tags,
        summary: 'Settle by an operator’s word what waits or has failed',
        params: IdParams,
        body: ResolveBody,
        response: { 200: DeliverySchema, ...problems(['not-found', 'too-late', 'already-final']) },
      },
    },
    async ({ caller, params, body: { outcome, note = null } }) =>
      toDelivery(await repair.resolve(caller, params.id, { outcome, note })),
  )
}
