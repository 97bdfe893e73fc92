import { type Static, Type } from 'typebox'
import { ANY_OF, commaList, deadLetterFilter, instantFilter, rangeFilter, textFilter } from '../http/index.ts'
import type { ReleaseFilters } from './repository-release-list.ts'
import { RELEASE_STATES } from './repository-releases.ts'

/** The filters of the list, which those of bulk calls are too. */
export const filters = {
  state: textFilter(200, `${ANY_OF} ${RELEASE_STATES.join(', ')}`),
  dueFrom: rangeFilter,
  dueTo: rangeFilter,
  error: deadLetterFilter,
  provider: deadLetterFilter,
}

const filterFields = Type.Object(filters)

/** Filters as given → as the statements take them. Throws `invalid-parameter` for values that no schema can refuse. */
export const parseFilters = (given: Static<typeof filterFields>): ReleaseFilters => ({
  states: commaList('state', given.state, RELEASE_STATES),
  dueFrom: instantFilter('dueFrom', given.dueFrom),
  dueTo: instantFilter('dueTo', given.dueTo),
  error: given.error,
  provider: given.provider,
})
