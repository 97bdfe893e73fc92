import { type RawBuilder, sql } from 'kysely'

/** An instant as answers have it, where the database writes it into JSON: as JSON alone it would have microseconds and an offset. */
export const instantText = (value: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`to_char(${value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
