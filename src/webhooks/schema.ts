import { type Static, type TSchema, Type } from 'typebox'
import { ANY_OF, deadLetterFilter, rangeFilter, textFilter } from '../http/index.ts'
import { OUTCOMES } from './repository-change.ts'
import type { Delivery } from './repository-deliveries.ts'
import { FILTERED_STATES } from './repository-filters.ts'
import type { Webhook } from './repository.ts'
import { MOST_TYPES } from './types.ts'

const nullOr = (schema: TSchema) => Type.Union([schema, Type.Null()])
const Instant = Type.String({ format: 'date-time' })

export const ListOf = (item: TSchema) =>
  Type.Object({ items: Type.Array(item), nextCursor: nullOr(Type.String()) })

const MOST_URL = 2048
const MOST_DESCRIPTION = 500
const LONGEST_NOTE = 1000

const Url = Type.String({ minLength: 1, maxLength: MOST_URL, description: 'http(s); called with POST.' })
const Types = Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
  minItems: 1,
  maxItems: MOST_TYPES,
  uniqueItems: true,
  description: 'Types of events, content.* for all of a kind, or * for all.',
  examples: [['content.*', 'notification.failed']],
})
const State = Type.Enum(['active', 'disabled'], { type: 'string' })

export const CreateBody = Type.Object(
  {
    url: Url,
    types: Types,
    description: Type.Optional(Type.String({ maxLength: MOST_DESCRIPTION })),
    secret: Type.Optional(
      Type.String({
        maxLength: 200,
        description: 'whsec_ and the base64 of 24 to 64 random bytes; made where left out.',
      }),
    ),
  },
  { additionalProperties: false },
)
export type CreateBody = Static<typeof CreateBody>

export const PatchBody = Type.Object(
  {
    url: Type.Optional(Url),
    types: Type.Optional(Types),
    description: Type.Optional(
      Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: MOST_DESCRIPTION }),
    ),
    state: Type.Optional(State),
  },
  { additionalProperties: false },
)
export type PatchBody = Static<typeof PatchBody>

export const ResendBody = Type.Object(
  {
    eventId: Type.Optional(
      Type.String({ pattern: '^[0-9]{1,30}$', description: 'One event; instead of a span.' }),
    ),
    from: Type.Optional(Type.String({ description: 'An instant; events from then on.' })),
    to: Type.Optional(Type.String({ description: 'An instant; events before it. Now where left out.' })),
    failedOnly: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          'Only what was to be delivered and failed or was canceled; otherwise all that it subscribes to.',
      }),
    ),
  },
  { additionalProperties: false },
)
export type ResendBody = Static<typeof ResendBody>

const endpoint = {
  id: Type.String({ format: 'uuid' }),
  url: Type.String(),
  types: Type.Array(Type.String()),
  description: nullOr(Type.String()),
  state: State,
  disabledReason: nullOr(
    Type.Enum(['request', 'gone', 'failing'], {
      type: 'string',
      description: 'request: by a call. gone: it answered 410. failing: nothing but failures for 5 days.',
    }),
  ),
  previousSecretUntil: nullOr(
    Type.String({
      format: 'date-time',
      description: 'Until then the secret before the last rotation signs too.',
    }),
  ),
  failingSince: nullOr(
    Type.String({ format: 'date-time', description: 'The first failure since something was delivered.' }),
  ),
  createdAt: Instant,
  updatedAt: Instant,
}
export const WebhookSchema = Type.Object(endpoint, { title: 'Webhook' })
/** A repeat by `Idempotency-Key` shows no secret. */
export const IssuedSchema = Type.Object(
  { ...endpoint, secret: Type.Optional(Type.String({ description: 'whsec_…, shown this once.' })) },
  { title: 'Webhook with its secret' },
)

export const DeliverySchema = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    webhookId: Type.String({ format: 'uuid', description: 'Its endpoint.' }),
    eventId: Type.String(),
    type: Type.String(),
    state: Type.String({ description: 'As of a notification.' }),
    reason: nullOr(
      Type.String({
        description:
          'As of a notification; endpoint_disabled: canceled with its endpoint; operator: settled by hand.',
      }),
    ),
    attempts: Type.Integer({ minimum: 0, description: 'How often it was tried.' }),
    statusCode: nullOr(Type.Integer({ description: 'Of the last answer.' })),
    error: nullOr(Type.Object({ code: Type.String(), message: Type.String() })),
    dueAt: Type.String({ format: 'date-time', description: 'When it was made, or last begun anew.' }),
    nextAttemptAt: nullOr(Instant),
    eventAt: Instant,
    createdAt: Instant,
    finishedAt: nullOr(Instant),
  },
  { title: 'WebhookDelivery' },
)

export const stateFilter = textFilter(100, `${ANY_OF} ${FILTERED_STATES.join(', ')}`)

/** The filters of the list of all deliveries, which those of bulk calls are too. */
export const filters = {
  webhookId: textFilter(36, 'Of one endpoint.'),
  state: stateFilter,
  type: textFilter(1000, `Of the event. ${ANY_OF}`),
  createdFrom: rangeFilter,
  createdTo: rangeFilter,
  error: deadLetterFilter,
  provider: deadLetterFilter,
}

export const ResolveBody = Type.Object(
  {
    outcome: Type.Enum([...OUTCOMES], {
      type: 'string',
      description: 'delivered: it is known to have arrived. canceled: nobody needs it any more.',
    }),
    note: Type.Optional(Type.String({ maxLength: LONGEST_NOTE })),
  },
  { additionalProperties: false },
)
export type ResolveBody = Static<typeof ResolveBody>

export const IdParams = Type.Object({ id: Type.String() })

export const toResource = (w: Webhook) => ({
  id: w.id,
  url: w.url,
  types: w.types,
  description: w.description,
  state: w.state,
  disabledReason: w.disabledReason,
  previousSecretUntil: w.previousUntil?.toISOString() ?? null,
  failingSince: w.failingSince?.toISOString() ?? null,
  createdAt: w.createdAt.toISOString(),
  updatedAt: w.updatedAt.toISOString(),
})

export const toDelivery = (d: Delivery) => ({
  id: d.id,
  webhookId: d.webhookId,
  eventId: d.eventId,
  type: d.type,
  state: d.state,
  reason: d.reason,
  attempts: d.attemptNo,
  statusCode: d.statusCode,
  error: d.error,
  dueAt: d.dueAt.toISOString(),
  nextAttemptAt: d.nextAt?.toISOString() ?? null,
  eventAt: d.eventAt.toISOString(),
  createdAt: d.createdAt.toISOString(),
  finishedAt: d.finishedAt?.toISOString() ?? null,
})
