import { type Static, type TSchema, Type } from 'typebox'
import { FAILURE_REASONS } from '../delivery/index.ts'
import { bodyChecker, mergePatchFields } from '../http/index.ts'
import { WhenDocument, WhenSchema } from '../timers/index.ts'
import { LIMITS } from './limits.ts'
import { LONGEST_TIMEOUT_SECONDS } from './registry.ts'

/** States as they are shown, in the order of a life. */
export const SHOWN_STATES = [
  ...['scheduled', 'queued', 'running', 'retrying'],
  ...['succeeded', 'failed', 'canceled', 'expired'],
] as readonly ShownState[]
export type ShownState =
  | 'scheduled'
  | 'queued'
  | 'running'
  | 'retrying'
  | 'succeeded'
  | 'failed'
  | 'canceled'
  | 'expired'

/** Why a time, or what depends on it, is refused. */
export const TIME_PROBLEMS = [
  'ambiguous-time',
  'ambiguous-local-time',
  'unknown-time-zone',
  'time-in-past',
  'time-too-far',
  'expires-before-due',
] as const

/** Why a run is not made, beside what is wrong with its body. */
export const SCHEDULE_PROBLEMS = [
  ...TIME_PROBLEMS,
  'unknown-task',
  'duplicate',
  'too-late',
  'idempotency-in-progress',
  'idempotency-key-reused',
  'unsupported-media-type',
  'address-not-allowed',
] as const

const When = Type.Optional(WhenSchema)
const Key = Type.String({ minLength: 1, maxLength: LIMITS.key })

export const ScheduleBody = Type.Object(
  {
    data: Type.Optional(
      Type.Object(
        {},
        { additionalProperties: true, default: {}, description: 'As the schema of the task says.' },
      ),
    ),
    runAt: When,
    expiresAt: When,
    priority: Type.Optional(
      Type.Integer({ minimum: -100, maximum: 100, default: 0, description: 'Higher first among those due.' }),
    ),
    dedupeKey: Type.Optional({
      ...Key,
      description: 'One run of the task with this key is scheduled, queued, running or retrying at most.',
    }),
    onDuplicate: Type.Optional(
      Type.Enum(['ignore', 'replace', 'reject'], {
        type: 'string',
        default: 'ignore',
        description:
          'Where one with this dedupeKey is pending: ignore answers with that one, replace rewrites it, reject is 409.',
      }),
    ),
    groupKey: Type.Optional(Key),
    retry: Type.Optional(
      Type.Object(
        {
          limit: Type.Optional(
            Type.Integer({ minimum: 0, maximum: 100, description: 'Tries after the first.' }),
          ),
          delaySeconds: Type.Optional(Type.Number({ minimum: 0, maximum: 86_400 })),
          backoff: Type.Optional(Type.Enum(['fixed', 'exponential'], { type: 'string' })),
          maxDelaySeconds: Type.Optional(Type.Number({ minimum: 0, maximum: 604_800 })),
        },
        { additionalProperties: false, description: 'What is left out is as the task has it.' },
      ),
    ),
    timeoutSeconds: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: LONGEST_TIMEOUT_SECONDS,
        description: 'Of one attempt; as the task has it where left out.',
      }),
    ),
    tags: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: LIMITS.tag }), {
        maxItems: LIMITS.tags,
        default: [],
      }),
    ),
    metadata: Type.Optional(
      Type.Object({}, { additionalProperties: true, default: {}, description: 'Up to 16 kB of JSON.' }),
    ),
  },
  { additionalProperties: false },
)
export type ScheduleBody = Omit<Static<typeof ScheduleBody>, 'data'> & { data?: Record<string, unknown> }
/** Throws `invalid-request`. */
export const checkScheduleBody = bodyChecker(ScheduleBody)

export type OnDuplicate = NonNullable<ScheduleBody['onDuplicate']>

/** What a run can be edited in on its way back. */
export const PATCHED = [
  ...(['data', 'priority', 'groupKey', 'retry', 'timeoutSeconds', 'tags', 'metadata'] as const),
] as const

const PatchBody = Type.Object(mergePatchFields(Type.Pick(ScheduleBody, PATCHED).properties), {
  additionalProperties: false,
  description: 'What else becomes of it before: a merge patch, in which null goes back to the default.',
})

export const RetryBody = Type.Object(
  { runAt: When, expiresAt: When, patch: Type.Optional(PatchBody) },
  { additionalProperties: false },
)
export const ResolveBody = Type.Object(
  {
    outcome: Type.Enum(['succeeded', 'failed'], { type: 'string' }),
    note: Type.Optional(Type.String({ maxLength: LIMITS.note })),
  },
  { additionalProperties: false },
)
export const IdParams = Type.Object({ id: Type.String() })
export const NameParams = Type.Object({ name: Type.String() })

const Instant = Type.String({ format: 'date-time' })
const nullOr = (schema: TSchema) => Type.Union([schema, Type.Null()])
const Retry = Type.Object({
  limit: Type.Integer(),
  delaySeconds: Type.Number(),
  backoff: Type.Enum(['fixed', 'exponential'], { type: 'string' }),
  maxDelaySeconds: Type.Number(),
})

const AttemptSchema = Type.Object({
  number: Type.Integer(),
  outcome: nullOr(
    Type.Enum(['succeeded', 'failed', 'rejected', 'unknown', 'interrupted'], {
      type: 'string',
      description: 'null while it runs',
    }),
  ),
  startedAt: Instant,
  finishedAt: nullOr(Instant),
  lateMs: Type.Number(),
  error: nullOr(Type.Object({ code: Type.String(), message: Type.String() })),
})

/** The resource, for the OpenAPI document. */
export const RunSchema = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    task: Type.String(),
    state: Type.Enum([...SHOWN_STATES], { type: 'string' }),
    reason: nullOr(
      Type.Enum([...FAILURE_REASONS, 'unknown_task', 'request', 'group', 'forgotten'], { type: 'string' }),
    ),
    data: Type.Object({}, { additionalProperties: true }),
    runAt: nullOr(WhenDocument),
    dueAt: Instant,
    expiresAt: nullOr(Instant),
    nextAttemptAt: nullOr(Instant),
    priority: Type.Integer(),
    dedupeKey: nullOr(Type.String()),
    deduplicated: Type.Optional(
      Type.Literal(true, { description: 'In the answer to a call whose dedupeKey was pending.' }),
    ),
    groupKey: nullOr(Type.String()),
    scheduleId: nullOr(Type.String()),
    retry: Retry,
    timeoutSeconds: Type.Number(),
    tags: Type.Array(Type.String()),
    metadata: Type.Object({}, { additionalProperties: true }),
    progress: Type.Integer({ minimum: 0, maximum: 100 }),
    result: Type.Unknown({ description: 'What the handler returned; null before. Left out of lists.' }),
    attemptCount: Type.Integer(),
    attempts: Type.Optional(Type.Array(AttemptSchema, { description: 'Left out of lists.' })),
    lateMs: nullOr(Type.Number({ description: 'Start of the first attempt − dueAt.' })),
    version: Type.Integer(),
    createdAt: Instant,
    updatedAt: Instant,
    finishedAt: nullOr(Instant),
  },
  { title: 'Run' },
)

export const TaskSchema = Type.Object(
  {
    name: Type.String(),
    description: nullOr(Type.String()),
    schema: nullOr(Type.Object({}, { additionalProperties: true })),
    retry: Retry,
    timeoutSeconds: Type.Number(),
    concurrency: nullOr(Type.Integer({ description: 'Runs at a time over all workers; null: no limit.' })),
    concurrencyKey: nullOr(
      Type.String({ description: 'One run at a time for each value of this field of data.' }),
    ),
    thread: Type.Boolean({ description: 'It runs in worker threads.' }),
    upload: nullOr(Type.Object({ maxBytes: Type.Integer() })),
  },
  { title: 'Task' },
)

export const ListOf = (item: TSchema) =>
  Type.Object({ items: Type.Array(item), nextCursor: nullOr(Type.String()) })
export const TimelineSchema = Type.Object({
  items: Type.Array(
    Type.Object({ at: Instant, type: Type.String(), detail: Type.String(), waitMs: Type.Number() }),
  ),
})
export const CancelSchema = Type.Object({
  outcome: Type.Literal('canceled'),
  state: Type.Literal('canceled'),
})
export const CancelingSchema = Type.Object({
  outcome: Type.Literal('canceling'),
  state: Type.Literal('running'),
})
