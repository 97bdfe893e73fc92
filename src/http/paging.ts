import { type TProperties, Type } from 'typebox'
import { YeyakError } from '../platform/errors.ts'
import type { KeysetPage } from '../platform/keyset.ts'
import { decodeCursor, encodeCursor, type Position } from './cursor.ts'

/** What the values of a sort field, and the ids, look like: a cursor that says otherwise is not ours. */
export type SortKind = 'instant' | 'text' | 'integer'

export interface ListOptions<Filters extends TProperties, Field extends string> {
  /** The filters, as optional query parameters. */
  filters: Filters
  /** The fields that can be sorted by, with their kinds. */
  sorts: Readonly<Record<Field, SortKind>>
  /** The order where none is asked for: a field, `-` in front for descending. */
  defaultSort: NoInfer<Field | `-${Field}`>
  /** The sort fields that may be null; in the others only a forged cursor has it. */
  nullable?: readonly NoInfer<Field>[]
  isId(id: string): boolean
}

/** What a query asks for. `after` is the last item of the page before; null on the first page. */
export interface Page<Field extends string> {
  limit: number
  sort: { field: Field; descending: boolean }
  after: Position | null
}

/** A page as statements take it, where no field to sort by is a number or null; one more than is shown tells whether there are more. */
export const keysetOf = ({ limit, sort, after }: Page<string>): KeysetPage => ({
  descending: sort.descending,
  after: after === null ? null : { key: String(after.key), id: after.id },
  limit: limit + 1,
})

const DEFAULT_LIMIT = 50
const MAX_LIMIT = 200
const LONGEST_CURSOR = 2000

/**
 * Describes a list: the schema of its query, and the way from a query to a page and from its last item to the next
 * cursor. Fetch `limit + 1` items ordered by field, then id, after `after`, and hand them to `answer`.
 */
export function defineList<Filters extends TProperties, Field extends string>(
  o: ListOptions<Filters, Field>,
) {
  const fields = Object.keys(o.sorts).filter((name): name is Field => Object.hasOwn(o.sorts, name))
  const orders = fields.flatMap((field): (Field | `-${Field}`)[] => [field, `-${field}`])
  const querystring = Type.Object(
    {
      ...o.filters,
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT })),
      cursor: Type.Optional(Type.String({ minLength: 1, maxLength: LONGEST_CURSOR })),
      sort: Type.Optional(
        Type.Enum(orders, { type: 'string', default: o.defaultSort, description: SORT_HINT }),
      ),
    },
    { additionalProperties: false },
  )
  type Query = Partial<Record<string, unknown>> & { limit?: number; cursor?: string; sort?: string }

  const sortOf = (query: Query): Page<Field>['sort'] => {
    const order = query.sort ?? o.defaultSort
    const descending = order.startsWith('-')
    const field = fields.find((name) => name === (descending ? order.slice(1) : order))
    if (field === undefined) throw new YeyakError('invalid-parameter')
    return { field, descending }
  }

  const isKey = (key: Position['key'], field: Field): boolean =>
    key === null ? o.nullable?.includes(field) === true : isOfKind(key, o.sorts[field])

  function page(query: Query): Page<Field> {
    const sort = sortOf(query)
    const after =
      query.cursor === undefined ? null : decodeCursor(query.cursor, identity(query, o.defaultSort))
    if (after !== null && !(o.isId(after.id) && isKey(after.key, sort.field))) {
      throw new YeyakError('invalid-cursor')
    }
    return { limit: query.limit ?? DEFAULT_LIMIT, sort, after }
  }

  /**
   * The body of the answer, from up to `limit + 1` items; `positionOf` gives the sort field's value and the id. `isCut`:
   * the page ends before its limit, and there is more; after this position, where that is not the last item's.
   */
  function answer<Item>(
    query: Query,
    items: readonly Item[],
    positionOf: (item: Item) => Position,
    isCut: boolean | Position = false,
  ) {
    const limit = query.limit ?? DEFAULT_LIMIT
    const shown = items.slice(0, limit)
    const last = shown.at(-1)
    const hasMore = isCut !== false || items.length > limit
    const lastShown = last === undefined ? undefined : positionOf(last)
    const end = typeof isCut === 'object' && items.length <= limit ? isCut : lastShown
    return {
      items: shown,
      nextCursor: hasMore && end !== undefined ? encodeCursor(end, identity(query, o.defaultSort)) : null,
    }
  }

  return { querystring, page, answer }
}

const SORT_HINT = 'With - in front: descending. Ties are ordered by id.'

/** Filters and sort in one text, whatever order they were written in. The size of the page may change on the way. */
function identity(query: Readonly<Record<string, unknown>>, defaultSort: string): string {
  const { limit: _limit, cursor: _cursor, sort = defaultSort, ...filters } = query
  const given = Object.entries(filters).filter(([, value]) => value !== undefined)
  return JSON.stringify([sort, given.toSorted(([a], [b]) => (a < b ? -1 : 1))])
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$/u

/** PostgreSQL knows no year 0, and no 30 February, which Date takes for 2 March. */
const isOnCalendar = (instant: string): boolean =>
  !instant.startsWith('0000') &&
  !Number.isNaN(Date.parse(instant)) &&
  new Date(instant).getUTCDate() === Number(instant.slice(8, 10))

function isOfKind(key: string | number, kind: SortKind): boolean {
  if (kind === 'integer') return Number.isSafeInteger(key)
  if (typeof key !== 'string' || key.includes('\u0000') || !key.isWellFormed()) return false
  return kind === 'text' || (INSTANT.test(key) && isOnCalendar(key))
}
