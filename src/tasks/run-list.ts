import { type Static, Type } from 'typebox'
import {
  ANY_OF,
  commaList,
  deadLetterFilter,
  defineList,
  instantFilter,
  rangeFilter,
  textFilter,
} from '../http/index.ts'
import { isId } from '../platform/ids.ts'
import { LIMITS } from './limits.ts'
import type { Filters, SortField } from './repository-list.ts'
import { SHOWN_STATES } from './schema.ts'

/** The filters of the list, which those of bulk calls are too. */
export const filters = {
  task: textFilter(1000, ANY_OF),
  state: textFilter(200, `${ANY_OF} ${SHOWN_STATES.join(', ')}`),
  tag: Type.Optional(
    Type.Union(
      [
        Type.String({ minLength: 1, maxLength: LIMITS.tag }),
        Type.Array(Type.String(), { maxItems: LIMITS.tags }),
      ],
      { description: 'Repeated: all of them.' },
    ),
  ),
  groupKey: textFilter(LIMITS.key),
  scheduleId: textFilter(LIMITS.key, 'The name of a recurring schedule.'),
  dueFrom: rangeFilter,
  dueTo: rangeFilter,
  createdFrom: rangeFilter,
  createdTo: rangeFilter,
  q: textFilter(LIMITS.search, 'Part of the name of the task, or of the data as JSON, whatever the case.'),
  error: deadLetterFilter,
  provider: deadLetterFilter,
}

const filterFields = Type.Object(filters)

/** Of tasks that this server does not know there may be runs as well. */
const namesOf = (given: string | undefined): string[] | undefined =>
  given === undefined ? undefined : [...new Set(given.split(',').map((name) => name.trim()))]

/** Filters as given → as the statements take them. Throws `invalid-parameter` for values that no schema can refuse. */
export const parseFilters = (given: Static<typeof filterFields>): Filters => ({
  tasks: namesOf(given.task),
  states: commaList('state', given.state, SHOWN_STATES),
  tags: given.tag === undefined ? undefined : [given.tag].flat(),
  groupKey: given.groupKey,
  scheduleId: given.scheduleId,
  dueFrom: instantFilter('dueFrom', given.dueFrom),
  dueTo: instantFilter('dueTo', given.dueTo),
  createdFrom: instantFilter('createdFrom', given.createdFrom),
  createdTo: instantFilter('createdTo', given.createdTo),
  search: given.q,
  error: given.error,
  provider: given.provider,
})

export const runList = defineList<typeof filters, SortField>({
  filters,
  sorts: { dueAt: 'instant', createdAt: 'instant' },
  defaultSort: 'dueAt',
  isId,
})
