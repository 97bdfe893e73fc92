import { sql } from 'kysely'
import type { BulkChanged } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import { type Batch, createBulkParts } from './repository-bulk-parts.ts'
import { difference } from './repository-difference.ts'
import { KIND } from './repository-insert.ts'
import type { ListSources } from './repository-list.ts'
import {
  beforeEdit,
  beforeRetry,
  type Edit,
  EDITED_COLUMNS,
  editedColumns,
  retrying,
  type Times,
} from './repository-sets.ts'

/** One that can be tried again, under its lock. */
export interface Ended {
  id: string
  contentBytes: number
}

/** What one of them becomes. */
export interface Edited extends Edit {
  id: string
}

/** Tries again what is edited before, each with an edit of its own. */
export const createBulkEditRepository = (sources: ListSources) => {
  const { t, clockTime, locked, endedOf, changed, kept, planted, counts, run } = createBulkParts(sources)
  const secretFields = sources.secretFields ?? ['headers']

  return {
    /** Locks what can be tried again. */
    async lockEnded(tx: Database, b: Batch): Promise<Ended[]> {
      const { rows } = await sql<Ended>`
        with ${locked(b)}
        select id, content_bytes as "contentBytes" from l
        where ${endedOf(b)} and generation = coalesce(${b.generation ?? null}::integer, generation) order by id`.execute(
        tx,
      )
      return rows
    },

    /** What `lockEnded` has locked. Due now where `dueAt` is null. */
    retry(
      tx: Database,
      b: Batch,
      to: Times & { dueAt: Date | null },
      edits: readonly Edited[],
    ): Promise<BulkChanged> {
      const change = retrying({ ...to, dueAt: sql`coalesce(${to.dueAt}::timestamptz, ${clockTime})` })
      const rows = edits.map(({ id, ...edit }) => ({ id, ...editedColumns(edit) }))
      const columns = sql.join(EDITED_COLUMNS.map((name) => sql.ref(name)))
      const batch = { ...b, ids: edits.map(({ id }) => id) }
      return run(
        tx,
        sql`with ${locked(batch, sql`n.*`)},
        e as materialized (select * from jsonb_populate_recordset(null::${t.notifications}, ${JSON.stringify(rows)}::jsonb)),
        mine as materialized (select * from l where ${endedOf(batch)}),
        ${changed(sql`${change.set}, (${columns}) = (select ${columns} from e where e.id = n.id)`, sql`n.*`)},
        planted as (${planted}),
        kept as (${kept(batch, sql`${beforeRetry} || ${beforeEdit}`, sql`true`)}),
        told as (
          insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
          select m.project_id, ${KIND}, m.id::text, ${change.type}, ${JSON.stringify(b.actor)}::jsonb,
            s.state || jsonb_build_object('before', (d.edits -> 'before') || (s.state -> 'before'),
              'after', (d.edits -> 'after') || (s.state -> 'after'))
          from mine m join changed c on c.id = m.id
            cross join lateral (select ${change.data} as state from (select m.state, m.reason) was) s
            cross join lateral (select ${difference('m', 'c', secretFields)} as edits) d)
        ${counts(sql`true`, sql`false`)}`,
      )
    },
  }
}
