import { sql } from 'kysely'
import { type BulkChanged, difference, editedRows, type Locked, withEdits } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import { type Batch, createBulkParts } from './repository-bulk-parts.ts'
import { KIND } from './repository-insert.ts'
import type { ListSources } from './repository-list.ts'
import {
  beforeRetry,
  type Edit,
  EDITED_COLUMNS,
  editedColumns,
  retrying,
  type Times,
} from './repository-sets.ts'
import { shown } from './repository-shown.ts'

/** What one of them becomes. */
export interface Edited extends Edit {
  id: string
}

/** Tries again what is edited before, each with an edit of its own. */
export const createBulkEditRepository = (sources: ListSources) => {
  const { t, clockTime, locked, endedOf, changed, kept, planted, counts, run } = createBulkParts(sources)
  const edited = editedRows(t.notifications, EDITED_COLUMNS)
  const secretFields = sources.secretFields ?? ['headers']

  return {
    /** Locks what can be tried again. */
    async lock(tx: Database, b: Batch): Promise<Locked[]> {
      const { rows } = await sql<Locked>`
        with ${locked(b)}
        select id, content_bytes as bytes from l
        where ${endedOf(b)} and generation = coalesce(${b.generation ?? null}::integer, generation) order by id`.execute(
        tx,
      )
      return rows
    },

    /** What `lock` has locked. Due now where `dueAt` is null. */
    retry(
      tx: Database,
      b: Batch,
      to: Times & { dueAt: Date | null },
      edits: readonly Edited[],
    ): Promise<BulkChanged> {
      const change = retrying({ ...to, dueAt: sql`coalesce(${to.dueAt}::timestamptz, ${clockTime})` })
      const rows = edits.map(({ id, ...edit }) => ({ id, ...editedColumns(edit) }))
      const batch = { ...b, ids: edits.map(({ id }) => id) }
      return run(
        tx,
        sql`with ${locked(batch, sql`n.*`)},
        ${edited.given(rows)},
        mine as materialized (select * from l where ${endedOf(batch)}),
        ${changed(sql`${change.set}, ${edited.set}`, sql`n.*`)},
        planted as (${planted}),
        kept as (${kept(batch, sql`${beforeRetry} || ${edited.before}`, sql`true`)}),
        told as (
          insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
          select m.project_id, ${KIND}, m.id::text, ${change.type}, ${JSON.stringify(b.actor)}::jsonb,
            ${withEdits(
              sql`(select ${change.data} from (select m.state, m.reason) was)`,
              difference(shown('m'), shown('c'), secretFields),
            )}
          from mine m join changed c on c.id = m.id)
        ${counts(sql`true`, sql`false`)}`,
      )
    },
  }
}
