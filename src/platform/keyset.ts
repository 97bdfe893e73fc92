import { type RawBuilder, sql } from 'kysely'

/** A page of a list: up to `limit` after the last one of the page before. */
export interface KeysetPage {
  descending: boolean
  after: { key: string; id: string } | null
  limit: number
}

/** `order by` all of these. */
export const orderOf = (keys: readonly RawBuilder<unknown>[], descending: boolean): RawBuilder<unknown> =>
  sql.join(keys.map((key) => sql`${key} ${descending ? sql`desc` : sql`asc`}`))

/** What comes in the order of `keys` after these values. Compared as one row, as an index on the keys is walked by that alone. */
export const keyset = (
  keys: readonly RawBuilder<unknown>[],
  descending: boolean,
  after: readonly RawBuilder<unknown>[] | null,
) => ({
  order: orderOf(keys, descending),
  /** The condition; nothing on the first page. */
  beyond: (word: 'where' | 'and'): RawBuilder<unknown> =>
    after === null
      ? sql``
      : sql`${sql.raw(word)} (${sql.join([...keys])}) ${descending ? sql`<` : sql`>`} (${sql.join([...after])})`,
})

/** The same by an instant; ties by id. */
export const keysetByTime = (
  time: RawBuilder<unknown>,
  id: RawBuilder<unknown>,
  { descending, after }: Pick<KeysetPage, 'descending' | 'after'>,
  idType: 'uuid' | 'integer' = 'uuid',
) =>
  keyset(
    [time, id],
    descending,
    after === null ? null : [sql`${after.key}::timestamptz`, sql`${after.id}::${sql.raw(idType)}`],
  )
