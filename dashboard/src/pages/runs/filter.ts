import { givenOf, type Search } from '../../app/search.ts'

/** Members of the query of the list that a view is filtered by; the address of the page has the same names. */
export const FILTERS = [
  'state',
  'task',
  'error',
  'provider',
  'scheduleId',
  'tag',
  'groupKey',
  'dueFrom',
  'dueTo',
  'createdFrom',
  'createdTo',
  'q',
] as const
export const SORTS = ['-createdAt', 'createdAt', 'dueAt', '-dueAt'] as const
export type Sort = (typeof SORTS)[number]

export const STATES = [
  'scheduled',
  'queued',
  'running',
  'retrying',
  'succeeded',
  'failed',
  'canceled',
  'expired',
] as const

export const filterOf = (search: Search): Record<string, string> => givenOf(FILTERS, search)

export const sortOf = (search: Search): Sort => SORTS.find((sort) => sort === search['sort']) ?? SORTS[0]
