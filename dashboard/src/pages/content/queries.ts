import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'

export type Item = Answer<'/v1/content/{type}/{id}'>
export type ItemStatus = Item['status']
export type ContentType = Answer<'/v1/content'>['items'][number]
export type Revision = Answer<'/v1/content/{type}/{id}/revisions'>['items'][number]
export type Publication = Answer<'/v1/publications'>['items'][number]
export type Release = Answer<'/v1/releases/{id}'>
export type ReleaseItem = Release['items'][number]
export type ReleaseSummary = Answer<'/v1/releases'>['items'][number]

/** What names an item in all its revisions. */
export interface Identity {
  type: string
  id: string
  locale: string
}

/** As events and log lines name it. */
export const subjectOf = ({ type, id, locale }: Identity): string =>
  locale === '' ? `${type}:${id}` : `${type}:${id}:${locale}`

/** The path and the query of every call about it. */
export const callOf = ({ type, id, locale }: Identity) => ({
  path: { type, id },
  query: locale === '' ? {} : { locale },
})

/** A release schedules its items, and tells of itself alone then. */
const about = (identity: Identity): string[] => [`content:${subjectOf(identity)}`, 'release']

export const typesQuery = queryOptions({
  queryKey: ['content-types'],
  queryFn: async ({ signal }) => (await api.get('/v1/content', { signal })).items,
  // Declared when the server starts.
  staleTime: 5 * 60_000,
})

export const itemQuery = (identity: Identity) =>
  queryOptions({
    queryKey: ['content', 'item', identity.type, identity.id, identity.locale],
    queryFn: ({ signal }) => api.get('/v1/content/{type}/{id}', { ...callOf(identity), signal }),
    meta: { live: about(identity) },
  })

/** What readers see, now or at an instant to come. */
export const readersQuery = (identity: Identity, asOf: string | null) =>
  queryOptions({
    queryKey: ['content', 'readers', identity.type, identity.id, identity.locale, asOf],
    queryFn: ({ signal }) => {
      const { path, query } = callOf(identity)
      const view = asOf === null ? { view: 'live' as const } : { asOf }
      return api.get('/v1/content/{type}/{id}', { path, query: { ...query, ...view }, signal })
    },
    meta: { live: about(identity) },
  })

const REVISIONS = 100

export const revisionsQuery = (identity: Identity) =>
  infiniteQueryOptions({
    queryKey: ['content', 'revisions', identity.type, identity.id, identity.locale],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const { path, query } = callOf(identity)
      const after = pageParam === null ? {} : { cursor: pageParam }
      return api.get('/v1/content/{type}/{id}/revisions', {
        path,
        query: { ...query, ...after, limit: REVISIONS },
        signal,
      })
    },
    getNextPageParam: ({ nextCursor }) => nextCursor,
    meta: { live: about(identity) },
  })

export const revisionQuery = (identity: Identity, n: number | null) =>
  queryOptions({
    queryKey: ['content', 'revision', identity.type, identity.id, identity.locale, n],
    queryFn: ({ signal }) => {
      const { path, query } = callOf(identity)
      return api.get('/v1/content/{type}/{id}/revisions/{n}', {
        path: { ...path, n: String(n) },
        query,
        signal,
      })
    },
    enabled: n !== null,
    // A revision never changes.
    staleTime: Number.POSITIVE_INFINITY,
  })

const PUBLICATIONS = 50

/** The latest of an item, or of a release, or of a whole type; what is to come first. */
export const publicationsQuery = (filter: { type?: string; id?: string; releaseId?: string }) =>
  queryOptions({
    queryKey: ['content', 'publications', filter],
    queryFn: async ({ signal }) =>
      (
        await api.get('/v1/publications', {
          query: { ...filter, sort: '-dueAt', limit: filter.releaseId === undefined ? PUBLICATIONS : 200 },
          signal,
        })
      ).items,
    meta: { live: ['content', 'release'] },
  })

/** Of a publication only where it belongs is asked, and that never changes. */
export const publicationQuery = (id: string) =>
  queryOptions({
    queryKey: ['content', 'publication', id],
    queryFn: ({ signal }) => api.get('/v1/publications/{id}', { path: { id }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const releasesQuery = (state: string) =>
  infiniteQueryOptions({
    queryKey: ['releases', 'list', state],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      api.get('/v1/releases', {
        query: {
          limit: 50,
          ...(state !== '' && { state }),
          ...(pageParam !== null && { cursor: pageParam }),
        },
        signal,
      }),
    getNextPageParam: ({ nextCursor }) => nextCursor,
    meta: { live: ['release'] },
  })

export const releaseQuery = (id: string) =>
  queryOptions({
    queryKey: ['releases', 'one', id],
    queryFn: ({ signal }) => api.get('/v1/releases/{id}', { path: { id }, signal }),
    meta: { live: [`release:${id}`] },
  })

/** Members that people know an item by, the best first. */
export const NAMES = ['title', 'name', 'headline', 'subject', 'slug'] as const

/** What people know an item by: a member that says so, else its id. */
export const titleOf = (data: Readonly<Record<string, unknown>>, id: string): string => {
  for (const name of NAMES) {
    const value = data[name]
    if (typeof value === 'string' && value.trim() !== '') return value
  }
  return id
}
