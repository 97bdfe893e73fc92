import { Type } from 'typebox'

/** A filter as a text of a query, which may be left out. */
export const textFilter = (maxLength: number, description?: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength, ...(description && { description }) }))

/** Of a filter that `commaList` reads. */
export const ANY_OF = 'A comma list: any of them.'
const LONGEST_INSTANT = 40
/** Of a range: `dueFrom`, `dueTo`. Read by `instantFilter`. */
export const rangeFilter = textFilter(
  LONGEST_INSTANT,
  'An instant with Z or an offset (+ as %2B). …From is included, …To is not.',
)
/** Both `error` and `provider`. */
export const deadLetterFilter = textFilter(
  500,
  'Of what has failed for good: as dead letters are grouped by.',
)
