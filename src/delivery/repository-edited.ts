import { type RawBuilder, sql } from 'kysely'
import type { RetryPolicy } from './policy.ts'

type Sql = RawBuilder<unknown>

/** A policy by the columns that keep it. */
export const retryColumns = ({ limit, delaySeconds, backoff, maxDelaySeconds }: RetryPolicy) => ({
  ...{ retry_limit: limit, retry_delay_seconds: delaySeconds },
  ...{ retry_backoff: backoff, retry_max_delay_seconds: maxDelaySeconds },
})

/**
 * The columns of a table that edits write. `columns` are named as in the table, which
 * gives them their types.
 */
export const editedRows = (table: Sql, columns: readonly string[]) => {
  const names = sql.join(columns.map((name) => sql.ref(name)))
  return {
    names,
    /** For `with`: the rows `e`, of JSON with `id` and the columns. */
    given: (rows: readonly object[]): Sql => sql`
      e as materialized (select * from jsonb_populate_recordset(null::${table}, ${JSON.stringify(rows)}::jsonb))`,
    /** Of the row `n`, from `e`. */
    set: sql`(${names}) = (select ${names} from e where e.id = n.id)`,
    /** Of the row `n`, the same for whichever it is. */
    setTo: (row: object): Sql => sql`(${names}) = (
      select ${names} from jsonb_populate_record(null::${table}, ${JSON.stringify(row)}::jsonb))`,
    /** Of the row as it was: what an undo puts back. */
    before: sql`jsonb_build_object('edited', jsonb_build_object(${sql.join(
      columns.flatMap((name) => [sql.lit(name), sql.ref(name)]),
    )}))`,
    /** Of `i.before`, for the row `n`. Without an edit the very values that stand there: others would be written anew. */
    restored: sql.join(
      columns.map(
        (name) =>
          sql`case when i.before ? 'edited' then ${sql.ref(`r.${name}`)} else ${sql.ref(`n.${name}`)} end`,
      ),
    ),
    /** Gives `restored` its `r`. */
    restoring: sql`left join lateral jsonb_populate_record(null::${table}, i.before -> 'edited') r on true`,
  }
}
