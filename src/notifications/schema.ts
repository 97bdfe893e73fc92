import { type Static, type TSchema, Type } from 'typebox'
import { ATTEMPT_OUTCOMES, DEFAULT_RETRY, FAILURE_REASONS } from '../delivery/index.ts'
import type { ChannelRegistry } from '../channels/index.ts'
import { mergePatchFields } from '../http/index.ts'
import { WhenDocument, WhenSchema } from '../timers/index.ts'

/** States as they are shown, in the order of a life. */
export const SHOWN_STATES = [
  'scheduled',
  'queued',
  'sending',
  'retrying',
  'delivered',
  'failed',
  'canceled',
  'expired',
] as const
export type ShownState = (typeof SHOWN_STATES)[number]

/** Why a time, or what depends on it, is refused. */
export const TIME_PROBLEMS = [
  'ambiguous-time',
  'ambiguous-local-time',
  'unknown-time-zone',
  'time-in-past',
  'time-too-far',
  'expires-before-due',
] as const

/** Why a notification is not made, beside what is wrong with its body. */
export const CREATE_PROBLEMS = [
  ...TIME_PROBLEMS,
  'channel-not-configured',
  'address-not-allowed',
  'duplicate',
  'too-late',
  'idempotency-in-progress',
  'idempotency-key-reused',
] as const

export const LIMITS = {
  /** Notifications in one request. */
  batch: 10_000,
  /** Of each text of a message, in bytes of UTF-8. */
  textBytes: 256 * 1024,
  metadataBytes: 16 * 1024,
  key: 255,
  tags: 20,
  tag: 64,
  note: 1000,
  search: 200,
  recipient: 2048,
  recipients: 50,
} as const

const RetryFields = {
  limit: Type.Optional(Type.Integer({ minimum: 0, maximum: 100, description: 'Tries after the first.' })),
  delaySeconds: Type.Optional(Type.Number({ minimum: 0, maximum: 86_400 })),
  backoff: Type.Optional(Type.Enum(['fixed', 'exponential'], { type: 'string' })),
  maxDelaySeconds: Type.Optional(Type.Number({ minimum: 0, maximum: 604_800 })),
}

const When = Type.Optional(WhenSchema)

const times = { sendAt: When, expiresAt: When }

/** What can be patched, beside the channel's own content and the times. */
const settings = {
  priority: Type.Optional(
    Type.Integer({ minimum: -100, maximum: 100, default: 0, description: 'Higher first among those due.' }),
  ),
  groupKey: Type.Optional(Type.String({ minLength: 1, maxLength: LIMITS.key })),
  retry: Type.Optional(
    Type.Object(RetryFields, {
      additionalProperties: false,
      default: DEFAULT_RETRY,
      description: 'exponential: min(maxDelaySeconds, delaySeconds·2ⁿ⁻¹), plus up to 10 %.',
    }),
  ),
  onUnknown: Type.Optional(
    Type.Enum(['retry', 'stop'], {
      type: 'string',
      default: 'retry',
      description: 'After an attempt whose outcome is not known.',
    }),
  ),
  timeoutSeconds: Type.Optional(
    Type.Number({ minimum: 1, maximum: 600, default: 15, description: 'Of one attempt.' }),
  ),
  tags: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: LIMITS.tag }), { maxItems: LIMITS.tags, default: [] }),
  ),
  metadata: Type.Optional(
    Type.Object({}, { additionalProperties: true, default: {}, description: 'Up to 16 kB of JSON.' }),
  ),
}

const changeable = { ...times, ...settings }

/** What is said when a notification is made, and stays. */
const lasting = {
  dedupeKey: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: LIMITS.key,
      description: 'One notification with this key is scheduled, queued, sending or retrying at most.',
    }),
  ),
  onDuplicate: Type.Optional(
    Type.Enum(['ignore', 'replace', 'reject'], {
      type: 'string',
      default: 'ignore',
      description:
        'Where one with this dedupeKey is pending: ignore answers with that one, replace rewrites it, reject is 409.',
    }),
  ),
}

/** Of all channels alike: what exactly one takes is its own check, which names the field at fault. */
const Recipient = Type.Union([
  Type.String({ minLength: 1, maxLength: LIMITS.recipient }),
  Type.Array(Type.String({ minLength: 1, maxLength: LIMITS.recipient }), {
    minItems: 1,
    maxItems: LIMITS.recipients,
  }),
])

/** Every channel's content fields side by side. Which of them belong to the channel at hand is checked by `faultsOfChannel`. */
const contentOf = (channels: ChannelRegistry): Record<string, TSchema> => {
  const merged: Record<string, TSchema> = {}
  for (const name of channels.names) {
    for (const [field, schema] of Object.entries(channels.get(name)?.content ?? {})) {
      if (merged[field] !== undefined && JSON.stringify(merged[field]) !== JSON.stringify(schema)) {
        throw new Error(`channels disagree on the schema of "${field}"`)
      }
      merged[field] = schema
    }
  }
  return merged
}

const optional = (fields: Record<string, TSchema>) =>
  Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name, Type.Optional(schema)]))

/** The request bodies for the channels at hand. */
export const createSchemas = (channels: ChannelRegistry) => {
  const content = contentOf(channels)
  const recipients = channels.names.some((name) => channels.get(name)?.to != null)
  const to = recipients ? { to: Type.Optional(Recipient) } : {}
  const edit = { ...mergePatchFields(settings), ...mergePatchFields(content) }
  return {
    contentFields: Object.keys(content),
    create: Type.Object(
      {
        channel: Type.Optional(Type.Enum([...channels.names], { type: 'string', default: 'log' })),
        ...to,
        ...lasting,
        ...changeable,
        ...optional(content),
      },
      { additionalProperties: false },
    ),
    patch: Type.Object({ ...mergePatchFields(times), ...edit }, { additionalProperties: false }),
    /** What is tried again, and as what. */
    retry: Type.Object(
      {
        ...times,
        patch: Type.Optional(
          Type.Object(edit, {
            additionalProperties: false,
            description: 'What else becomes of it before: a merge patch, as of PATCH, without its times.',
          }),
        ),
      },
      { additionalProperties: false },
    ),
  }
}

export type Schemas = ReturnType<typeof createSchemas>
export type ChangeBody = Static<ReturnType<typeof changeBody>>
const changeBody = () => Type.Object(changeable)
const lastingBody = () => Type.Object(lasting)
/** As validated; content fields are looked up by the channel's names. */
export type CreateBody = ChangeBody &
  Static<ReturnType<typeof lastingBody>> & { channel?: string; to?: unknown } & Record<string, unknown>

export const ResolveBody = Type.Object(
  {
    outcome: Type.Enum(['delivered', 'failed'], { type: 'string' }),
    note: Type.Optional(Type.String({ maxLength: LIMITS.note })),
  },
  { additionalProperties: false },
)
export const ResolveTimeBody = Type.Object({ at: WhenSchema }, { additionalProperties: false })
export const IdParams = Type.Object({ id: Type.String() })

const Instant = Type.String({ format: 'date-time' })
const nullOr = (schema: TSchema) => Type.Union([schema, Type.Null()])

export const AttemptSchema = Type.Object({
  number: Type.Integer(),
  outcome: nullOr(Type.Enum([...ATTEMPT_OUTCOMES], { type: 'string', description: 'null while it runs' })),
  startedAt: Instant,
  finishedAt: nullOr(Instant),
  lateMs: Type.Number(),
  provider: nullOr(Type.String()),
  providerId: nullOr(Type.String()),
  statusCode: nullOr(Type.Integer()),
  error: nullOr(Type.Object({ code: Type.String(), message: Type.String() })),
  rejected: Type.Array(Type.Object({ address: Type.String(), message: Type.String() }), {
    description: 'Recipients that were refused while others were not.',
  }),
  response: nullOr(Type.String({ description: 'The beginning of what the far side answered, up to 20 kB.' })),
})

/** The resource, for the OpenAPI document. */
export const createResourceSchema = (channels: ChannelRegistry) =>
  Type.Object(
    {
      id: Type.String({ format: 'uuid' }),
      state: Type.Enum([...SHOWN_STATES], { type: 'string' }),
      reason: nullOr(Type.Enum([...FAILURE_REASONS, 'request', 'group', 'forgotten'], { type: 'string' })),
      channel: Type.Enum([...channels.names], { type: 'string' }),
      to: Type.Unknown(),
      ...optional(contentOf(channels)),
      sendAt: nullOr(WhenDocument),
      dueAt: Instant,
      expiresAt: nullOr(Instant),
      nextAttemptAt: nullOr(Instant),
      priority: Type.Integer(),
      dedupeKey: nullOr(Type.String()),
      deduplicated: Type.Optional(
        Type.Literal(true, { description: 'In the answer to a create whose dedupeKey was pending.' }),
      ),
      groupKey: nullOr(Type.String()),
      scheduleId: nullOr(Type.String()),
      retry: Type.Object({
        limit: Type.Integer(),
        delaySeconds: Type.Number(),
        backoff: Type.Enum(['fixed', 'exponential'], { type: 'string' }),
        maxDelaySeconds: Type.Number(),
      }),
      onUnknown: Type.Enum(['retry', 'stop'], { type: 'string' }),
      timeoutSeconds: Type.Number(),
      tags: Type.Array(Type.String()),
      metadata: Type.Object({}, { additionalProperties: true }),
      attemptCount: Type.Integer(),
      attempts: Type.Optional(Type.Array(AttemptSchema, { description: 'Left out of lists.' })),
      lateMs: nullOr(Type.Number({ description: 'Start of the first attempt − dueAt.' })),
      version: Type.Integer(),
      createdAt: Instant,
      updatedAt: Instant,
      finishedAt: nullOr(Instant),
    },
    { title: 'Notification' },
  )

export const ListSchema = (item: TSchema) =>
  Type.Object({ items: Type.Array(item), nextCursor: nullOr(Type.String()) })

export const TimelineSchema = Type.Object({
  items: Type.Array(
    Type.Object({ at: Instant, type: Type.String(), detail: Type.String(), waitMs: Type.Number() }),
  ),
})
