import { type TSchema, Type } from 'typebox'
import type { Startable } from '../delivery/index.ts'
import { WhenDocument, WhenSchema } from '../timers/index.ts'
import { CONCURRENT, DEFAULTS, DST_GAP, DST_OVERLAP, MISSED } from './definition.ts'
import { CAUSES, RUN_STATES, SCHEDULE_STATES } from './row.ts'

/** Not `.` or `..`, which no path can name. */
export const NAME_PATTERN = '^(?!\\.{1,2}$)[a-z0-9._-]{1,100}$'
export const LONGEST_NAME = 100
const NAME = new RegExp(NAME_PATTERN, 'u')
export const isName = (text: string): boolean => NAME.test(text)

export const LIMITS = {
  /** Of a rule, in characters. */
  rule: 2_000,
  exclude: 1_000,
  jitterSeconds: 86_400,
  missedWithinSeconds: 31_536_000,
  /** Of a definition as JSON: a batch of them is held at once. */
  definitionBytes: 1024 * 1024,
  /** Runs of one backfill. */
  backfill: 10_000,
  preview: 100,
} as const

export const closed = { additionalProperties: false } as const
export const nullOr = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
const Instant = Type.String({ format: 'date-time' })
const oneOf = (values: readonly string[], description: string, fallback: string) =>
  Type.Optional(Type.Enum([...values], { type: 'string', default: fallback, description }))

export const rule = {
  cron: Type.Optional(
    Type.String({
      ...{ minLength: 1, maxLength: LIMITS.rule },
      description: 'Five fields, six with seconds in front, or @daily and the like. Either this or rrule.',
    }),
  ),
  rrule: Type.Optional(
    Type.String({ minLength: 1, maxLength: LIMITS.rule, description: 'RFC 5545. Either this or cron.' }),
  ),
  timeZone: Type.Optional(
    Type.String({ minLength: 1, maxLength: 100, default: DEFAULTS.timeZone, description: 'An IANA name.' }),
  ),
}

const timing = {
  ...rule,
  startsAt: Type.Optional(WhenSchema),
  endsAt: Type.Optional(WhenSchema),
  exclude: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 40 }), {
      ...{
        maxItems: LIMITS.exclude,
        default: [],
        description: 'Dates of the zone on which it does not run.',
      },
    }),
  ),
  jitterSeconds: Type.Optional(
    Type.Number({
      ...{ minimum: 0, maximum: LIMITS.jitterSeconds, default: 0 },
      description: 'Each run is up to so much later, always the same for one occurrence.',
    }),
  ),
  missed: oneOf(MISSED, 'What becomes of occurrences that were not run in time.', DEFAULTS.missed),
  missedWithinSeconds: Type.Optional(
    Type.Number({
      ...{ minimum: 0, maximum: LIMITS.missedWithinSeconds, default: DEFAULTS.missedWithinSeconds },
      description: 'Those that are older are never made up for.',
    }),
  ),
  concurrent: oneOf(CONCURRENT, 'While what the last run has started is not final.', DEFAULTS.concurrent),
  dstGap: oneOf(DST_GAP, 'For a local time that does not exist.', DEFAULTS.dstGap),
  dstOverlap: oneOf(DST_OVERLAP, 'For a local time that comes twice.', DEFAULTS.dstOverlap),
}

/** The bodies and answers for the kinds that this process knows. */
export const createSchemas = (kinds: ReadonlyMap<string, Startable>) => {
  const targets = Object.fromEntries([...kinds].map(([name, { schema }]) => [name, Type.Optional(schema)]))
  const name = Type.String({ pattern: NAME_PATTERN, maxLength: LONGEST_NAME })
  const patched = [...Object.keys(timing), ...kinds.keys()]
  return {
    create: Type.Object({ name, ...timing, ...targets }, closed),
    put: Type.Object({ name: Type.Optional(name), ...timing, ...targets }, closed),
    /** What it comes to is checked as a whole. */
    patch: Type.Object(
      Object.fromEntries(patched.map((field) => [field, Type.Optional(Type.Unknown())])),
      closed,
    ),
    resource: Type.Object(
      {
        name,
        ...timing,
        startsAt: nullOr(WhenDocument),
        endsAt: nullOr(WhenDocument),
        ...Object.fromEntries([...kinds.keys()].map((kind) => [kind, Type.Optional(Type.Unknown())])),
        state: Type.Enum([...SCHEDULE_STATES], { type: 'string' }),
        nextRuns: Type.Array(Instant, { description: 'The next five; none while it is paused.' }),
        lastRun: nullOr(RunSchema),
        declared: Type.Boolean({ description: 'By yeyak.config.ts.' }),
        version: Type.Integer(),
        createdAt: Instant,
        updatedAt: Instant,
      },
      { title: 'Schedule' },
    ),
  }
}

export type Schemas = ReturnType<typeof createSchemas>

export const RunSchema = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    scheduleId: Type.String(),
    occurrenceAt: Type.String({ format: 'date-time', description: 'What it is the run of.' }),
    dueAt: Type.String({ format: 'date-time', description: 'With its jitter, or when it was asked for.' }),
    cause: Type.Enum([...CAUSES], { type: 'string' }),
    state: Type.Enum([...RUN_STATES], { type: 'string' }),
    reason: nullOr(Type.String()),
    error: nullOr(Type.Object({ code: Type.String(), message: Type.String() })),
    item: nullOr(
      Type.Object(
        { kind: Type.String(), id: Type.String(), state: nullOr(Type.String()) },
        { description: 'What it has started, and how that stands; null once that is removed.' },
      ),
    ),
    attemptCount: Type.Integer(),
    nextAttemptAt: nullOr(Instant),
    lateMs: nullOr(Type.Number({ description: 'Start − dueAt.' })),
    startedAt: nullOr(Instant),
    finishedAt: nullOr(Instant),
    createdAt: Instant,
  },
  { title: 'ScheduleRun' },
)

export const ResumeBody = Type.Object(
  {
    missed: Type.Optional(
      Type.Enum([...MISSED], { type: 'string', description: 'The schedule’s own policy where left out.' }),
    ),
    dryRun: Type.Optional(Type.Boolean({ default: false })),
  },
  closed,
)

const LONGEST_NOTE = 1000
/** The only word that an operator can have on a run: nobody starts it any more. */
export const ResolveBody = Type.Object(
  {
    outcome: Type.Optional(Type.Enum(['canceled'], { type: 'string', default: 'canceled' })),
    note: Type.Optional(Type.String({ maxLength: LONGEST_NOTE })),
  },
  closed,
)

export const BackfillBody = Type.Object(
  { from: WhenSchema, to: WhenSchema, dryRun: Type.Optional(Type.Boolean({ default: false })) },
  closed,
)

export const PreviewBody = Type.Object(
  {
    ...rule,
    from: Type.Optional(WhenSchema),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMITS.preview, default: 10 })),
    startsAt: timing.startsAt,
    endsAt: timing.endsAt,
    exclude: timing.exclude,
    dstGap: timing.dstGap,
    dstOverlap: timing.dstOverlap,
  },
  closed,
)

export const PreviewSchema = Type.Object({
  runs: Type.Array(
    Type.Object({
      at: Instant,
      local: Type.String({ description: 'What clocks in the zone show.' }),
      note: nullOr(Type.Enum(['dst_gap', 'dst_overlap'], { type: 'string' })),
    }),
  ),
  text: Type.String({ description: 'The rule in words.' }),
})

export const listOf = (item: TSchema) =>
  Type.Object({ items: Type.Array(item), nextCursor: nullOr(Type.String()) })
