import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import type { Answer, Body } from '../../api/types.ts'

export type ApiKey = Answer<'/v1/api-keys'>['items'][number]
export type User = Answer<'/v1/users'>['items'][number]
export type SignedIn = Answer<'/v1/sessions'>['items'][number]
export type Project = Answer<'/v1/projects'>['items'][number]
export type Webhook = Answer<'/v1/webhooks'>['items'][number]
export type Delivery = Answer<'/v1/webhooks/{id}/deliveries'>['items'][number]
export type AuditEvent = Answer<'/v1/audit'>['items'][number]
export type KeyScope = Body<'/v1/api-keys', 'post'>['scopes'][number]
export type Role = User['role']

/** More keys, users, sessions or projects than these are shown by the API alone. */
const MOST = 200

export const keysQuery = queryOptions({
  queryKey: ['settings', 'keys'],
  queryFn: async ({ signal }) =>
    (await api.get('/v1/api-keys', { query: { limit: MOST, sort: '-createdAt' }, signal })).items,
  meta: { live: ['key'] },
})

export const usersQuery = queryOptions({
  queryKey: ['settings', 'users'],
  queryFn: async ({ signal }) => (await api.get('/v1/users', { query: { limit: MOST }, signal })).items,
  meta: { live: ['user', 'session'] },
})

export const sessionsQuery = queryOptions({
  queryKey: ['settings', 'sessions'],
  queryFn: async ({ signal }) =>
    (await api.get('/v1/sessions', { query: { limit: MOST, sort: '-createdAt' }, signal })).items,
  meta: { live: ['user', 'session'] },
})

export const projectsQuery = queryOptions({
  queryKey: ['settings', 'projects'],
  queryFn: async ({ signal }) => (await api.get('/v1/projects', { query: { limit: MOST }, signal })).items,
  meta: { live: ['project'] },
})

export const webhooksQuery = queryOptions({
  queryKey: ['settings', 'webhooks'],
  queryFn: async ({ signal }) => (await api.get('/v1/webhooks', { query: { limit: MOST }, signal })).items,
  meta: { live: ['webhook'] },
})

export const deliveriesQuery = (id: string, state: string) =>
  infiniteQueryOptions({
    queryKey: ['settings', 'deliveries', id, state],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      api.get('/v1/webhooks/{id}/deliveries', {
        path: { id },
        query: {
          limit: 50,
          ...(state !== '' && { state }),
          ...(pageParam !== null && { cursor: pageParam }),
        },
        signal,
      }),
    getNextPageParam: ({ nextCursor }) => nextCursor,
    // What is delivered is no event of its own: it is looked at every so often.
    refetchInterval: 3_000,
    meta: { live: ['webhook'] },
  })

export const auditQuery = (filter: Readonly<Record<string, string>>) =>
  infiniteQueryOptions({
    queryKey: ['settings', 'audit', filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      api.get('/v1/audit', {
        query: { ...filter, limit: 100, ...(pageParam !== null && { cursor: pageParam }) },
        signal,
      }),
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })
