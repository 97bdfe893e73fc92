import { Type } from 'typebox'
import { instantFilter, invalidParameter, problems, type Server } from '../http/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Overview } from './overview.ts'
import { OPEN_LIMIT } from './repository-overview.ts'
import { OUTCOMES } from './repository-rollups.ts'
import { nullOr } from './schema.ts'

const tags = ['overview']
const Count = (description?: string) => Type.Integer({ minimum: 0, ...(description && { description }) })
const UP_TO = `Counted up to ${OPEN_LIMIT}.`

const Percentiles = Type.Object(
  { p50: nullOr(Type.Number()), p95: nullOr(Type.Number()), p99: nullOr(Type.Number()) },
  {
    title: 'Percentiles',
    description: 'Milliseconds from due to the start of the attempt, over the last hour; null without any.',
  },
)
const Throughput = Type.Number({ description: 'Attempts that ended a second, over the last minute.' })
const finals = { delivered: Count(), failed: Count(), canceled: Count(), expired: Count() }

const Due = Type.Object(
  { minute: Count(), hour: Count(), day: Count() },
  { description: `Due within the next minute, hour and day. ${UP_TO}` },
)
const Overdue = Count(`Due and not begun, those of paused queues included. ${UP_TO}`)
const attemptsOf = (outcomes: readonly string[]) =>
  Type.Object(Object.fromEntries(outcomes.map((outcome) => [outcome, Count()])))

const { delivered: _delivered, ...otherFinals } = finals
const runFinals = { succeeded: Count(), ...otherFinals }
const RunsSchema = Type.Object(
  {
    counts: Type.Object({
      scheduled: Count('What is not final, less the next three.'),
      ...{ queued: Count(UP_TO), running: Count(UP_TO), retrying: Count(UP_TO) },
      ...runFinals,
    }),
    ...{ due: Due, overdue: Overdue, lateness: Percentiles, throughput: Throughput },
    byTask: Type.Record(
      Type.String(),
      Type.Object({
        created: Count(),
        ...runFinals,
        attempts: attemptsOf(['succeeded', ...OUTCOMES.slice(1)]),
        lateness: Percentiles,
        throughput: Throughput,
      }),
      { description: 'What happened within the last hour, task by task.' },
    ),
  },
  { description: 'The same of runs, of the tasks that this server knows.' },
)

const PublicationsSchema = Type.Object(
  {
    counts: Type.Object({
      scheduled: Count(UP_TO),
      failed: Count('Failed or missed, whenever it was. Counted up to 1000.'),
    }),
    ...{ due: Due, overdue: Overdue, lateness: Percentiles },
    lastHour: Type.Object(
      { succeeded: Count(), superseded: Count(), canceled: Count(), failed: Count(), missed: Count() },
      { description: `What became of those that were due within the last hour. ${UP_TO}` },
    ),
  },
  { description: 'The same of publications.' },
)

const OverviewSchema = Type.Object(
  {
    at: Type.String({ format: 'date-time' }),
    counts: Type.Object(
      {
        scheduled: Count('What is not final, less the next three.'),
        queued: Count(UP_TO),
        sending: Count(UP_TO),
        retrying: Count(UP_TO),
        ...finals,
      },
      { description: 'How many notifications there are in each state.' },
    ),
    due: Due,
    overdue: Overdue,
    lateness: Percentiles,
    throughput: Throughput,
    byChannel: Type.Record(
      Type.String(),
      Type.Object({
        created: Count(),
        ...finals,
        attempts: attemptsOf(OUTCOMES),
        lateness: Percentiles,
        throughput: Throughput,
      }),
      { description: 'What happened within the last hour, channel by channel.' },
    ),
    runs: RunsSchema,
    publications: PublicationsSchema,
  },
  { title: 'Overview' },
)

const METRICS = ['lateness', 'throughput', 'outcomes'] as const
const MAX_POINTS = 1_500
const DEFAULT_STEP_SECONDS = 60
const HOUR_SECONDS = 3_600
const DAY_MS = 86_400_000
/** Of minutes; by the hour there is no bound but that of the points. */
const MAX_DAYS = 31
const MAX_HOURLY_DAYS = 400

const Instant = Type.Optional(
  Type.String({ minLength: 1, maxLength: 40, description: 'An instant with Z or an offset (+ as %2B).' }),
)

const SeriesSchema = Type.Object(
  {
    metric: Type.Enum([...METRICS], { type: 'string' }),
    from: Type.String({ format: 'date-time' }),
    to: Type.String({ format: 'date-time' }),
    step: Type.Integer(),
    points: Type.Array(
      Type.Object(
        { at: Type.String({ format: 'date-time' }) },
        { additionalProperties: nullOr(Type.Number()) },
      ),
      {
        maxItems: MAX_POINTS,
        description:
          'lateness: p50, p95, p99 (ms), count · throughput: perSecond, created · outcomes: attempts by outcome, created, final.',
      },
    ),
  },
  { title: 'Series' },
)

interface RangeQuery {
  from?: string
  to?: string
  step?: number
}

/** The range that is asked for, beginning at a whole step. Throws `invalid-parameter` with the mend for one that is too long. */
const rangeOf = ({ from: givenFrom, to: givenTo, step = DEFAULT_STEP_SECONDS }: RangeQuery, now: Date) => {
  const stepMs = step * 1000
  const to = instantFilter('to', givenTo) ?? now
  const wanted = instantFilter('from', givenFrom) ?? new Date(to.getTime() - HOUR_SECONDS * 1000)
  const from = new Date(Math.floor(wanted.getTime() / stepMs) * stepMs)
  const lengthMs = to.getTime() - from.getTime()
  if (lengthMs <= 0)
    throw invalidParameter('to', { en: 'must be after from', ko: 'from보다 나중이어야 합니다.' })
  const points = Math.ceil(lengthMs / stepMs)
  if (points > MAX_POINTS) {
    const enough = Math.ceil(lengthMs / MAX_POINTS / 60_000) * 60
    throw invalidParameter(
      'step',
      {
        en: `would give ${points} points, at most ${MAX_POINTS} are given: use a larger step or a shorter range`,
        ko: `점이 ${points}개가 되며 최대 ${MAX_POINTS}개까지 가능합니다. step을 늘리거나 범위를 줄여야 합니다.`,
      },
      String(enough > HOUR_SECONDS ? Math.ceil(enough / HOUR_SECONDS) * HOUR_SECONDS : enough),
    )
  }
  const maxDays = step % HOUR_SECONDS === 0 ? MAX_HOURLY_DAYS : MAX_DAYS
  if (lengthMs > maxDays * DAY_MS)
    throw invalidParameter('from', {
      en: `must be at most ${maxDays} days before to; with a step that is a multiple of ${HOUR_SECONDS}, ${MAX_HOURLY_DAYS} days`,
      ko: `to보다 최대 ${maxDays}일 전이어야 합니다. step이 ${HOUR_SECONDS}의 배수이면 ${MAX_HOURLY_DAYS}일까지 가능합니다.`,
    })
  return { from, to, stepSeconds: step }
}

export const overviewRoutes = (app: Server, o: { overview: Overview; clock: Clock }): void => {
  app.get(
    '/v1/overview',
    {
      config: { access: 'operate' },
      schema: {
        tags,
        summary: 'How many there are in each state, what is due, late and done',
        response: { 200: OverviewSchema },
      },
    },
    ({ caller }) => o.overview.read(caller.projectId),
  )

  app.get(
    '/v1/overview/series',
    {
      config: { access: 'operate' },
      schema: {
        tags,
        summary: 'Lateness, throughput or outcomes over time',
        querystring: Type.Object(
          {
            metric: Type.Enum([...METRICS], { type: 'string' }),
            from: Instant,
            to: Instant,
            step: Type.Optional(
              Type.Integer({
                minimum: 60,
                maximum: DAY_MS / 1000,
                multipleOf: 60,
                default: DEFAULT_STEP_SECONDS,
                description: 'Seconds of a point: a multiple of 60.',
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 200: SeriesSchema, ...problems([]) },
      },
    },
    async ({ query, caller }) => {
      const range = rangeOf(query, await o.clock.now())
      const metric = METRICS.find((name) => name === query.metric) ?? 'lateness'
      const points = await o.overview.series(caller.projectId, metric, range)
      return {
        metric,
        from: range.from.toISOString(),
        to: range.to.toISOString(),
        step: range.stepSeconds,
        points,
      }
    },
  )
}
