import type { Search } from '../../app/search.ts'
import type { ItemStatus } from './queries.ts'

export const STATUSES: readonly ItemStatus[] = ['draft', 'scheduled', 'published', 'archived']
export const SORTS = ['-updatedAt', 'updatedAt', 'dueAt', '-dueAt', 'id', '-id'] as const
export type Sort = (typeof SORTS)[number]

export interface Filter {
  type: string
  status: string
  locale: string
  sort: Sort
  /** What readers see now (`live`) or at an instant, in the place of what is drafted. */
  view: 'draft' | 'live' | 'asOf'
  asOf: string
}

/** What the address asks for; `type` may be none, where the server has but to be asked which there are. */
export const filterOf = (search: Search, firstType: string): Filter => {
  const asOf = search['asOf'] ?? ''
  return {
    type: search['type'] ?? firstType,
    status: search['status'] ?? '',
    locale: search['locale'] ?? '',
    sort: SORTS.find((sort) => sort === search['sort']) ?? SORTS[0],
    view: asOf !== '' ? 'asOf' : search['view'] === 'live' ? 'live' : 'draft',
    asOf,
  }
}

/** The query of the list. */
export const queryOf = ({ status, locale, sort, view, asOf }: Filter) => ({
  sort,
  // As of an instant, all that readers see is published.
  ...(status !== '' && view !== 'asOf' && { status }),
  ...(locale !== '' && { locale }),
  ...(view === 'live' && { view: 'live' as const }),
  ...(view === 'asOf' && { asOf }),
})
