import { Type } from 'typebox'
import {
  asYeyakError,
  bodyChecker,
  idempotencyOf,
  languageOf,
  problemBody,
  problems,
  type Server,
} from '../http/index.ts'
import { isUnavailable } from '../platform/database.ts'
import type { CreateBatch, Item, Result } from './create-batch.ts'
import type { Validate } from './prepare-batch.ts'
import { CREATE_PROBLEMS, type CreateBody, LIMITS, type Schemas, SHOWN_STATES } from './schema.ts'

const BODY_LIMIT_BYTES = 32 * 1024 * 1024

const Body = Type.Object(
  {
    notifications: Type.Array(Type.Unknown(), {
      minItems: 1,
      maxItems: LIMITS.batch,
      description: 'Each as in POST /v1/notifications.',
    }),
    mode: Type.Optional(
      Type.Enum(['all', 'each'], {
        type: 'string',
        default: 'all',
        description: 'all: every one or none. each: what is wrong with one holds up no other.',
      }),
    ),
  },
  { additionalProperties: false },
)

const ItemSchema = Type.Object({
  id: Type.String({ format: 'uuid' }),
  state: Type.Enum([...SHOWN_STATES], { type: 'string' }),
  dueAt: Type.String({ format: 'date-time' }),
  deduplicated: Type.Optional(Type.Literal(true)),
})

const All = Type.Object({ items: Type.Array(ItemSchema) })
const Each = Type.Object({
  created: Type.Integer(),
  failed: Type.Integer(),
  items: Type.Array(
    Type.Object(
      { status: Type.Integer(), error: Type.Optional(Type.Object({}, { additionalProperties: true })) },
      { additionalProperties: true, description: 'The item, or the problem that it was refused with.' },
    ),
  ),
})

const shown = ({ id, state, dueAt, deduplicated }: Item) => ({
  id,
  state,
  dueAt: dueAt.toISOString(),
  ...(deduplicated && { deduplicated: true as const }),
})

/** A database that is away failed every item alike: then it is the whole request that failed. */
const throwIfAway = (results: readonly Result[]): void => {
  const [first] = results
  const isAway = results.every((result) => 'refusal' in result && isUnavailable(result.refusal))
  if (isAway && first !== undefined && 'refusal' in first) throw first.refusal
}

/** The validator of one item, as the route for one has it. */
export const itemValidator = (schemas: Schemas): Validate => {
  const check = bodyChecker(schemas.create)
  return (body) => {
    check(body)
    return body as CreateBody
  }
}

export const batchRoutes = (app: Server, o: { batch: CreateBatch }): void => {
  app.post<{ Body: { notifications: unknown[]; mode?: 'all' | 'each' } }>(
    '/v1/notifications/batch',
    {
      bodyLimit: BODY_LIMIT_BYTES,
      config: { access: 'notifications:write', nullIsAbsent: true, takes: ['Idempotency-Key'] },
      schema: {
        tags: ['notifications'],
        summary: 'Schedule up to 10,000 notifications',
        description: 'Takes `Idempotency-Key`, as the route for one does.',
        body: Body,
        response: {
          200: Each,
          201: All,
          ...problems(CREATE_PROBLEMS),
        },
      },
    },
    async (request, reply) => {
      const { notifications, mode } = request.body
      const idempotency = idempotencyOf(request.headers['idempotency-key'], request.body)
      if (mode !== 'each') {
        const { items, isReplay } = await o.batch.all(request.caller, notifications, idempotency)
        reply.code(201)
        if (isReplay) reply.header('idempotency-replayed', 'true')
        return { items: items.map(shown) }
      }
      const results = await o.batch.each(request.caller, notifications, idempotency)
      throwIfAway(results)
      const language = languageOf(request.headers['accept-language'])
      reply.header('content-language', language)
      const items = results.map((result) => {
        if ('item' in result) {
          return { status: result.item.deduplicated ? 200 : 201, ...shown(result.item) }
        }
        const refusal = asYeyakError(result.refusal, BODY_LIMIT_BYTES)
        if (refusal.status >= 500) request.log.error({ err: result.refusal }, 'an item of a batch failed')
        return { status: refusal.status, error: problemBody(refusal, request.id, language) }
      })
      const failed = items.filter((item) => 'error' in item).length
      return { created: items.length - failed, failed, items }
    },
  )
}
