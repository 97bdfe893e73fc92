import { type Static, Type } from 'typebox'
import { commaList, defineList, instantFilter } from '../http/index.ts'
import { isId } from '../platform/ids.ts'
import { LIMITS } from './limits.ts'
import type { Filters, SortField } from './repository-list.ts'
import { SHOWN_STATES } from './schema.ts'

const Text = (maxLength: number, description?: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength, ...(description && { description }) }))
const Instant = Text(40, 'An instant with Z or an offset (+ as %2B). …From is included, …To is not.')
const ANY_OF = 'A comma list: any of them.'
const OF_DEAD_LETTERS = 'Of what has failed for good: as dead letters are grouped by.'

/** The filters of the list, which those of bulk calls are too. */
export const filters = {
  task: Text(1000, ANY_OF),
  state: Text(200, `${ANY_OF} ${SHOWN_STATES.join(', ')}`),
  tag: Type.Optional(
    Type.Union(
      [
        Type.String({ minLength: 1, maxLength: LIMITS.tag }),
        Type.Array(Type.String(), { maxItems: LIMITS.tags }),
      ],
      { description: 'Repeated: all of them.' },
    ),
  ),
  groupKey: Text(LIMITS.key),
  scheduleId: Text(LIMITS.key, 'The name of a recurring schedule.'),
  dueFrom: Instant,
  dueTo: Instant,
  error: Text(500, OF_DEAD_LETTERS),
  provider: Text(500, OF_DEAD_LETTERS),
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
  error: given.error,
  provider: given.provider,
})

export const runList = defineList<typeof filters, SortField>({
  filters,
  sorts: { dueAt: 'instant', createdAt: 'instant' },
  defaultSort: 'dueAt',
  isId,
})
