import { Type } from 'typebox'
import {
  ANY_OF,
  commaList,
  instantFilter,
  invalidParameter,
  problems,
  type Server,
  textFilter,
} from '../http/index.ts'
import { type Calendar, COUNT_LIMIT, MAX_DAYS } from './calendar.ts'
import { Instant, ListOf } from './schema.ts'

const DAY_MS = 86_400_000
/** Two months of days, and their end. */
const MAX_BOUNDS = 64

const Count = Type.Object(
  {
    ...{ from: Instant, to: Instant },
    kind: Type.String({ description: 'notification, publication or run' }),
    count: Type.Integer({ minimum: 0 }),
    more: Type.Boolean({ description: `Only ${COUNT_LIMIT} were looked at: there may be more.` }),
  },
  { title: 'CalendarCount' },
)

const BETWEEN = {
  en: `must be 2 to ${MAX_BOUNDS} instants, each later than the one before, over at most ${MAX_DAYS} days`,
  ko: `순서대로 나중인 시각 2~${MAX_BOUNDS}개여야 하고, 전체가 최대 ${MAX_DAYS}일이어야 합니다.`,
}

const boundsOf = (given: string): Date[] => {
  const bounds = given.split(',', MAX_BOUNDS + 1).flatMap((one) => instantFilter('bounds', one.trim()) ?? [])
  const [first] = bounds
  const last = bounds.at(-1)
  const isInOrder = bounds.every((bound, i) => i === 0 || bound > (bounds[i - 1] ?? bound))
  const isBounded = bounds.length > 1 && bounds.length <= MAX_BOUNDS
  const days = ((last?.getTime() ?? 0) - (first?.getTime() ?? 0)) / DAY_MS
  if (!isInOrder || !isBounded || days > MAX_DAYS) throw invalidParameter('bounds', BETWEEN)
  return bounds
}

/** How much there is, where it is too much to be listed. */
export const calendarCountRoutes = (app: Server, { calendar }: { calendar: Calendar }): void => {
  app.get(
    '/v1/calendar/counts',
    {
      config: { access: 'notifications:read' },
      schema: {
        tags: ['calendar'],
        summary: 'How much is to happen, day by day, or between whichever instants',
        description: `For a month that has more than can be listed. Recurring schedules are not counted; what they have started is. At most ${COUNT_LIMIT} items of each kind are looked at between two instants.`,
        querystring: Type.Object(
          {
            bounds: Type.String({
              ...{ minLength: 1, maxLength: MAX_BOUNDS * 31 },
              description: `A comma list of 2 to ${MAX_BOUNDS} instants in order: counted is from each to before the next.`,
            }),
            kind: textFilter(500, ANY_OF),
          },
          { additionalProperties: false },
        ),
        response: { 200: ListOf(Count), ...problems([]) },
      },
    },
    async ({ query, caller }) => {
      const kinds = commaList('kind', query.kind, calendar.kinds)
      const reader = { kinds, scopes: caller.scopes }
      const counts = await calendar.counts(caller.projectId, { bounds: boundsOf(query.bounds), ...reader })
      const items = counts.map(({ from, to, kind, count, isCut }) => ({
        ...{ from: from.toISOString(), to: to.toISOString() },
        ...{ kind, count, more: isCut },
      }))
      return { items, nextCursor: null }
    },
  )
}
