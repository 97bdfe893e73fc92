import { type RawBuilder, sql } from 'kysely'

type ArrayType = 'uuid' | 'integer' | 'text' | 'float8' | 'timestamptz'

export interface ParallelArrays {
  /** To stand first in the statement's `with` list. Each array is one parameter, however often it is used. */
  readonly cte: RawBuilder<unknown>
  /** The keys, for `where id = any(…)`. */
  readonly ids: RawBuilder<unknown>
  /** The element that belongs to the row's own `id`. */
  at(name: string): RawBuilder<unknown>
}

/**
 * Rows as parallel arrays that are looked up by position. Joining an `unnest` of them reads better, and is planned as a
 * nested loop over everything once the statistics are stale; a look-up has no plan to lose.
 */
export const parallelArrays = (
  ids: readonly string[],
  columns: Readonly<Record<string, { type: ArrayType; values: readonly unknown[] }>>,
): ParallelArrays => {
  const all = { ids: { type: 'uuid', values: ids }, ...columns }
  const selected = Object.entries(all).map(
    ([name, { type, values }]) => sql`${values}::${sql.raw(type)}[] as ${sql.ref(name)}`,
  )
  // The casts make array expressions of them: `any((select …))` alone would be read as a subquery of rows.
  const array = (name: string, type: ArrayType) =>
    sql`(select ${sql.ref(name)} from input)::${sql.raw(type)}[]`
  return {
    cte: sql`input as materialized (select ${sql.join(selected)})`,
    ids: array('ids', 'uuid'),
    at: (name) => sql`(select ${sql.ref(name)} from input)[array_position(${array('ids', 'uuid')}, id)]`,
  }
}
