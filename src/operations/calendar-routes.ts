import { Type } from 'typebox'
import {
  ANY_OF,
  commaList,
  defineList,
  idempotencyOf,
  instantFilter,
  invalidParameter,
  keysetOf,
  problems,
  type Server,
  textFilter,
} from '../http/index.ts'
import type { Clock } from '../platform/clock.ts'
import { YeyakError } from '../platform/errors.ts'
import { isId } from '../platform/ids.ts'
import { calendarCountRoutes } from './calendar-count-routes.ts'
import { type Calendar, MAX_DAYS, READ_LIMIT } from './calendar.ts'
import type { CalendarTokens } from './calendar-tokens.ts'
import { toICalendar } from './icalendar.ts'
import type { CalendarToken } from './repository-calendar.ts'
import { Instant, ListOf, nullOr } from './schema.ts'

const tags = ['calendar']
const DAY_MS = 86_400_000
const DEFAULT_DAYS = 31
const FEED_DAYS = 90
const FEED_EVENTS = 2_000

const Entry = Type.Object(
  {
    at: Type.String({ format: 'date-time', description: 'When it is or was due; of a sum, its minute.' }),
    kind: Type.String({ description: 'notification, publication, run or schedule' }),
    id: nullOr(Type.String({ description: 'Null for a sum.' })),
    title: Type.String(),
    count: Type.Integer({ minimum: 1 }),
  },
  { title: 'CalendarEntry' },
)

const token = {
  id: Type.String({ format: 'uuid' }),
  name: Type.String(),
  createdAt: Instant,
  expiresAt: nullOr(Instant),
}
const Token = Type.Object(token, { title: 'CalendarToken' })
const NewToken = Type.Object(
  {
    ...token,
    token: Type.Optional(
      Type.String({ description: 'Shown this once. Absent from a repeat by Idempotency-Key, like path.' }),
    ),
    path: Type.Optional(
      Type.String({
        description: 'What a calendar program subscribes to, below the address of this server.',
      }),
    ),
  },
  { title: 'NewCalendarToken' },
)

const tokens = defineList({ filters: {}, sorts: { createdAt: 'instant' }, defaultSort: '-createdAt', isId })

const toResource = ({ id, name, createdAt, expiresAt }: CalendarToken) => ({
  ...{ id, name, createdAt: createdAt.toISOString(), expiresAt: expiresAt?.toISOString() ?? null },
})

interface RangeQuery {
  from?: string
  to?: string
  kind?: string
}

const rangeOf = ({ from: givenFrom, to: givenTo }: RangeQuery, now: Date) => {
  const from = instantFilter('from', givenFrom) ?? now
  const to = instantFilter('to', givenTo) ?? new Date(from.getTime() + DEFAULT_DAYS * DAY_MS)
  const days = (to.getTime() - from.getTime()) / DAY_MS
  if (days <= 0) throw invalidParameter('to', { en: 'must be after from', ko: 'from보다 나중이어야 합니다.' })
  if (days > MAX_DAYS)
    throw invalidParameter(
      'to',
      {
        en: `must be at most ${MAX_DAYS} days after from`,
        ko: `from부터 최대 ${MAX_DAYS}일까지여야 합니다.`,
      },
      new Date(from.getTime() + MAX_DAYS * DAY_MS).toISOString(),
    )
  return { from, to }
}

const expiryOf = (given: string | null | undefined, now: Date): Date | null => {
  if (given === undefined || given === null) return null
  const expiresAt = new Date(given)
  if (!(expiresAt > now))
    throw new YeyakError('invalid-request', {
      errors: [
        { path: 'expiresAt', message: { en: 'must be in the future', ko: '미래 시각이어야 합니다.' } },
      ],
    })
  return expiresAt
}

export interface CalendarRouteOptions {
  calendar: Calendar
  tokens: CalendarTokens
  clock: Clock
}

export const calendarRoutes = (app: Server, o: CalendarRouteOptions): void => {
  calendarCountRoutes(app, o)
  app.get(
    '/v1/calendar',
    {
      config: { access: 'notifications:read' },
      schema: {
        tags,
        summary: 'What is to happen, and what did, by time',
        description: `At most ${READ_LIMIT} items of each kind are read for one answer. Where there are more, the answer ends at a whole minute, and the header Link (rel="next") leads on.`,
        querystring: Type.Object(
          {
            from: textFilter(40, 'An instant with Z or an offset (+ as %2B); now where left out.'),
            to: textFilter(
              40,
              `At most ${MAX_DAYS} days later; ${DEFAULT_DAYS} where left out. Not included.`,
            ),
            kind: textFilter(500, ANY_OF),
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Array(Entry), ...problems([]) },
      },
    },
    async ({ query, caller }, reply) => {
      const range = rangeOf(query, await o.clock.now())
      const kinds = commaList('kind', query.kind, o.calendar.kinds)
      const { entries, until } = await o.calendar.read(caller.projectId, {
        ...{ ...range, kinds, scopes: caller.scopes },
      })
      if (until !== null && until < range.to) {
        const next = new URLSearchParams({
          from: until.toISOString(),
          to: range.to.toISOString(),
          ...(query.kind !== undefined && { kind: query.kind }),
        })
        reply.header('link', `</v1/calendar?${next.toString()}>; rel="next"`)
      }
      return entries
    },
  )

  app.get(
    '/v1/calendar.ics',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: `The next ${FEED_DAYS} days, for calendar programs`,
        description: `At most ${FEED_EVENTS} entries. The token takes the place of a key.`,
        querystring: Type.Object(
          { token: Type.String({ minLength: 1, maxLength: 100 }) },
          { additionalProperties: false },
        ),
        response: {
          200: {
            description: 'iCalendar (RFC 5545)',
            content: { 'text/calendar': { schema: Type.String() } },
          },
          ...problems(['not-found']),
        },
      },
    },
    async ({ query }, reply) => {
      const { projectId, project, scopes } = await o.tokens.open(query.token)
      const now = await o.clock.now()
      const to = new Date(now.getTime() + FEED_DAYS * DAY_MS)
      const { entries } = await o.calendar.read(projectId, {
        ...{ from: now, to, kinds: undefined, scopes },
      })
      reply.header('cache-control', 'private, max-age=60').type('text/calendar; charset=utf-8')
      return reply
        .serializer(String)
        .send(toICalendar(`Yeyak: ${project}`, entries.slice(0, FEED_EVENTS), now))
    },
  )

  app.post(
    '/v1/calendar/tokens',
    {
      config: { access: 'notifications:write', nullIsAbsent: true, takes: ['Idempotency-Key'] },
      schema: {
        tags,
        summary: 'Make a token for calendar programs; it is shown this once',
        description: 'It shows what its maker may see of the calendar.',
        body: Type.Object(
          {
            name: Type.String({ minLength: 1, maxLength: 255 }),
            expiresAt: Type.Optional(Type.String({ format: 'date-time' })),
          },
          { additionalProperties: false },
        ),
        response: {
          201: NewToken,
          ...problems(['invalid-request', 'idempotency-key-reused', 'idempotency-in-progress']),
        },
      },
    },
    async ({ body, caller, headers }, reply) => {
      // Whoever can only write gets no look by way of a token.
      const scopes = o.calendar.scopesOf(caller.scopes)
      if (scopes.length === 0)
        throw new YeyakError('missing-scope', { members: { scope: 'notifications:read' } })
      const expiresAt = async () => expiryOf(body.expiresAt, await o.clock.now())
      const idempotency = idempotencyOf(headers['idempotency-key'], body)
      const wanted = { name: body.name, scopes, expiresAt }
      const { made, replayed } = await o.tokens.create(caller, wanted, idempotency)
      reply.code(201)
      if (replayed) return reply.header('idempotency-replayed', 'true').send(toResource(made))
      return { ...toResource(made), token: made.token, path: `/v1/calendar.ics?token=${made.token}` }
    },
  )

  app.get(
    '/v1/calendar/tokens',
    {
      config: { access: 'notifications:read' },
      schema: {
        tags,
        summary: 'List the tokens for calendar programs',
        querystring: tokens.querystring,
        response: { 200: ListOf(Token), ...problems(['invalid-cursor']) },
      },
    },
    async ({ query, caller }) => {
      const found = await o.tokens.list(caller.projectId, keysetOf(tokens.page(query)))
      return tokens.answer(query, found.map(toResource), (last) => ({ key: last.createdAt, id: last.id }))
    },
  )

  app.delete<{ Params: { id: string } }>(
    '/v1/calendar/tokens/:id',
    {
      config: { access: 'notifications:write' },
      schema: {
        tags,
        summary: 'Take a token back: it opens nothing any more',
        params: Type.Object({ id: Type.String() }),
        response: { 204: { description: 'Gone' }, ...problems(['not-found']) },
      },
    },
    async (request, reply) => {
      await o.tokens.remove(request.caller, request.params.id)
      reply.code(204)
    },
  )
}
