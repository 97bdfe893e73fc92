import { Type } from 'typebox'
import { ANY_OF, commaList, defineList, keysetOf, problems, type Server, textFilter } from '../http/index.ts'
import { YeyakError } from '../platform/errors.ts'
import { isId } from '../platform/ids.ts'
import { createDeadLetters, type DeadLetterSource, GROUPED_LIMIT, GROUPS_LIMIT } from './dead-letters.ts'
import { Instant, ListOf, nullOr } from './schema.ts'

export type { DeadLetterSource } from './dead-letters.ts'

const DeadLetter = Type.Object(
  {
    kind: Type.String({ description: 'notification, publication, release, run, schedule or webhook' }),
    id: Type.String({ format: 'uuid' }),
    queue: Type.String(),
    state: Type.Literal('failed'),
    reason: nullOr(Type.String()),
    error: nullOr(
      Type.Object({ code: Type.String(), message: Type.String() }, { description: 'Of the last attempt.' }),
    ),
    provider: nullOr(Type.String({ description: 'Of the last attempt.' })),
    to: Type.Unknown(),
    title: Type.String({ description: 'The beginning of its subject or text.' }),
    tags: Type.Array(Type.String()),
    groupKey: nullOr(Type.String()),
    attemptCount: Type.Integer(),
    dueAt: Instant,
    finishedAt: Instant,
    version: Type.Integer(),
    parent: nullOr(
      Type.String({ description: 'The name of its schedule, or the id of its endpoint: to try it again.' }),
    ),
  },
  { title: 'DeadLetter' },
)

const list = defineList({
  filters: {
    kind: textFilter(500, ANY_OF),
    queue: textFilter(500, ANY_OF),
    error: textFilter(500, 'The code of the last attempt’s error, or the reason where there is none.'),
    groupBy: Type.Optional(
      Type.Enum(['error', 'provider'], { type: 'string', description: 'Groups instead of items.' }),
    ),
  },
  sorts: { finishedAt: 'instant' },
  defaultSort: '-finishedAt',
  isId,
})

const Groups = Type.Object({
  groups: Type.Array(
    Type.Object({
      key: Type.String(),
      kind: Type.String({
        description: 'As of its items: what fails of one cause in two kinds is two groups.',
      }),
      count: Type.Integer(),
      sample: Type.Array(DeadLetter, { description: 'The newest ones.' }),
    }),
    { maxItems: GROUPS_LIMIT },
  ),
  more: Type.Boolean({ description: `There are more than the newest ${GROUPED_LIMIT}, which were counted.` }),
})

/** What has failed for good, whatever it is. To try it again or to settle it, its own calls are there, one by one or in bulk. */
export const deadLetterRoutes = (
  app: Server,
  { sources }: { sources: readonly DeadLetterSource[] },
): void => {
  const deadLetters = createDeadLetters(sources)
  const kinds = sources.map(({ kind }) => kind)
  const queues = sources.flatMap((source) => source.queues)

  const lanesOf = (given: string | undefined): string[] | undefined =>
    commaList('queue', given, [
      ...new Set([...queues.map(({ name }) => name), ...queues.map(({ lane }) => lane)]),
    ])?.flatMap((wanted) =>
      queues.filter(({ name, lane }) => name === wanted || lane === wanted).map(({ lane }) => lane),
    )

  app.get(
    '/v1/dead-letters',
    {
      config: { access: 'operate' },
      schema: {
        tags: ['dead-letters'],
        summary: 'List what has failed for good, newest first, or in groups',
        description: 'By error a page may be short, and even empty, and lead on by nextCursor.',
        querystring: list.querystring,
        response: {
          200: Type.Unsafe<object>(Type.Union([ListOf(DeadLetter), Groups])),
          ...problems(['invalid-cursor']),
        },
      },
    },
    async ({ query, caller: { projectId } }) => {
      const page = list.page(query)
      const filter = {
        kinds: commaList('kind', query.kind, kinds),
        lanes: lanesOf(query.queue),
        error: query.error,
      }
      if (query.groupBy !== undefined) {
        if (page.after !== null) throw new YeyakError('invalid-cursor')
        return deadLetters.groups(projectId, filter, query.groupBy === 'error' ? 'error' : 'provider')
      }
      const { found, cut } = await deadLetters.list(projectId, filter, keysetOf(page))
      const positionOf = (one: { finishedAt: string; id: string }) => ({ key: one.finishedAt, id: one.id })
      return list.answer(query, found, positionOf, cut !== null && positionOf(cut))
    },
  )
}
