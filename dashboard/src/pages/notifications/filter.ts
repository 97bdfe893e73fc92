import { givenOf, type Search } from '../../app/search.ts'

/** Members of the query of the list that a view is filtered by; the address of the page has the same names. */
export const FILTERS = [
  'state',
  'channel',
  'to',
  'tag',
  'groupKey',
  'dedupeKey',
  'dueFrom',
  'dueTo',
  'createdFrom',
  'createdTo',
  'q',
  'error',
  'provider',
] as const
export const SORTS = ['-createdAt', 'createdAt', 'dueAt', '-dueAt', '-updatedAt', 'updatedAt'] as const
export type Sort = (typeof SORTS)[number]

export const STATES = [
  'scheduled',
  'queued',
  'sending',
  'retrying',
  'delivered',
  'failed',
  'canceled',
  'expired',
] as const

export const filterOf = (search: Search): Record<string, string> => givenOf(FILTERS, search)

export const sortOf = (search: Search): Sort => SORTS.find((sort) => sort === search['sort']) ?? '-createdAt'
