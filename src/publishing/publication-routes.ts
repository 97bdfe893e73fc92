import { type Static, Type } from 'typebox'
import {
  ANY_OF,
  commaList,
  deadLetterFilter,
  defineList,
  instantFilter,
  keysetOf,
  problems,
  rangeFilter,
  textFilter,
  type Server,
} from '../http/index.ts'
import { isId } from '../platform/ids.ts'
import { WhenSchema } from '../timers/index.ts'
import { WHEN_PROBLEMS } from './content-routes.ts'
import type { RevisionChoice } from './may-go-live.ts'
import { PublicationSchema, PublicationSummary, toPublication, toSummary } from './publication-resource.ts'
import type { PublicationService } from './publication-service.ts'
import { PUBLICATION_STATES } from './repository-publications.ts'
import { listOf } from './schema.ts'
import type { PublicationFilters } from './repository-publication-list.ts'

const tags = ['publications']
const params = Type.Object({ id: Type.String() })

export const filters = {
  state: textFilter(200, `${ANY_OF} ${PUBLICATION_STATES.join(', ')}`),
  type: textFilter(500, ANY_OF),
  id: textFilter(200, 'Of the content.'),
  releaseId: textFilter(36),
  dueFrom: rangeFilter,
  dueTo: rangeFilter,
  error: deadLetterFilter,
  provider: deadLetterFilter,
}

const filterFields = Type.Object(filters)

/** Filters as given → as the statements take them. Throws `invalid-parameter` for values that no schema can refuse. */
export const parseFilters = (given: Static<typeof filterFields>): PublicationFilters => ({
  states: commaList('state', given.state, PUBLICATION_STATES),
  // One that this process does not know may be known to another one.
  types: given.type?.split(',').map((part) => part.trim()),
  id: given.id,
  releaseId: given.releaseId,
  dueFrom: instantFilter('dueFrom', given.dueFrom),
  dueTo: instantFilter('dueTo', given.dueTo),
  error: given.error,
  provider: given.provider,
})

const list = defineList({ filters, sorts: { dueAt: 'instant' }, defaultSort: 'dueAt', isId })

export const RetryBody = Type.Object(
  {
    publishAt: Type.Optional(WhenSchema),
    revision: Type.Optional(
      Type.Enum(['pinned', 'draft'], {
        type: 'string',
        default: 'pinned',
        description:
          'What goes live: the revision that it was to be, or what the draft says now, where that was mended.',
      }),
    ),
  },
  { additionalProperties: false, description: 'At once where no time is given.' },
)

export const ResolveBody = Type.Object({
  outcome: Type.Enum(['succeeded', 'failed'], { type: 'string' }),
  note: Type.Optional(Type.String({ maxLength: 1000 })),
})

/** Timed actions of content: to watch, to cancel, to try again. They are made by scheduling. */
export const publicationRoutes = (app: Server, { service }: { service: PublicationService }): void => {
  app.get(
    '/v1/publications',
    {
      config: { access: 'content:read' },
      schema: {
        tags,
        summary: 'List publications',
        querystring: list.querystring,
        response: {
          200: listOf(PublicationSummary),
          ...problems(['invalid-cursor']),
        },
      },
    },
    async ({ query, caller }) => {
      const page = keysetOf(list.page(query))
      const found = await service.list(caller, parseFilters(query), page)
      return list.answer(query, found.map(toSummary), (last) => ({ key: last.dueAt, id: last.id }))
    },
  )

  app.get<{ Params: { id: string } }>(
    '/v1/publications/:id',
    {
      config: { access: 'content:read' },
      schema: {
        tags,
        summary: 'Read a publication, with its attempts',
        params,
        response: { 200: PublicationSchema, ...problems(['not-found']) },
      },
    },
    async ({ caller, params: { id } }) => toPublication(await service.detail(caller, id)),
  )

  app.post<{ Params: { id: string } }>(
    '/v1/publications/:id/cancel',
    {
      config: { access: 'content:publish', lenient: true },
      schema: {
        tags,
        summary: 'Cancel: a 2xx means that it will not happen',
        params,
        response: {
          200: Type.Object({ outcome: Type.Literal('canceled'), state: Type.Literal('canceled') }),
          ...problems(['not-found', 'already-final', 'release-frozen']),
        },
      },
    },
    async ({ caller, params: { id } }) => service.cancel(caller, id),
  )

  app.post<{ Params: { id: string }; Body: { publishAt?: unknown; revision?: RevisionChoice } }>(
    '/v1/publications/:id/retry',
    {
      config: { access: 'content:publish', optionalBody: true, nullIsAbsent: true },
      schema: {
        tags,
        summary: 'Try again what has failed, was missed or was canceled',
        params,
        body: RetryBody,
        response: {
          200: PublicationSchema,
          ...problems([
            ...(['not-found', 'unknown-model', 'not-final', 'already-final', 'already-exists'] as const),
            ...(['release-frozen'] as const),
            ...WHEN_PROBLEMS,
          ]),
        },
      },
    },
    async ({ caller, params: { id }, body }) =>
      toPublication(await service.retry(caller, id, body.publishAt, body.revision)),
  )
}
