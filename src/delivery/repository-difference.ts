import { type RawBuilder, sql } from 'kysely'

type Sql = RawBuilder<unknown>

/** A longer value is told by its size. */
const LONGEST_BYTES = 1024

/** Of the members of `one` those that `other` has not, or has otherwise. */
const unlike = (one: Sql, other: Sql, secretFields: readonly string[]): Sql => sql`(
  select coalesce(jsonb_object_agg(key, case
      when key = any(${secretFields}::text[]) then '"hidden"'::jsonb
      when octet_length(value::text) > ${LONGEST_BYTES} then jsonb_build_object('bytes', octet_length(value::text))
      else value end), '{}')
  from jsonb_each(${one}) where value is distinct from ${other} -> key)`

/**
 * What a change of one row was: `before` and `after`, each with the members that differ of what is shown of it. Told by the
 * database, since the row that it locked may be later than the one that was read.
 */
export const difference = (before: Sql, after: Sql, secretFields: readonly string[]): Sql => {
  const [was, is] = [sql.ref('both_sides.was'), sql.ref('both_sides.is')]
  // Made once: drawn into the comparison they would be made again for each member (1.1 ms a row instead of 0.3).
  return sql`(
    select jsonb_build_object('before', ${unlike(was, is, secretFields)}, 'after', ${unlike(is, was, secretFields)})
    from (select ${before} as was, ${after} as is offset 0) both_sides)`
}

/** What an event tells, `state`, and `edits` of `difference` with it. */
export const withEdits = (state: Sql, edits: Sql): Sql => sql`(
  select s.state || jsonb_build_object('before', (s.edits -> 'before') || (s.state -> 'before'),
    'after', (s.edits -> 'after') || (s.state -> 'after'))
  from (select ${state} as state, ${edits} as edits offset 0) s)`
