import { createBulkEdit } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Patch, Prepare } from './prepare.ts'
import type { Again, Batch, Change } from './repository-change.ts'
import type { Edited } from './repository-edit.ts'
import type { Repository, Run } from './repository.ts'
import { counted } from './counted.ts'

export type RunEdit = ReturnType<typeof createRunEdit>

/** Runs that are edited on their way back. */
export const createRunEdit = (o: {
  db: Database
  tables: Tables
  repository: Pick<Repository, 'byIds'>
  changes: Pick<Change, 'lockEnded' | 'retry'>
  prepare: Pick<Prepare, 'edit'>
}) =>
  createBulkEdit({
    db: o.db,
    lock: (tx, batch: Batch) => o.changes.lockEnded(tx, batch),
    read: o.repository.byIds,
    edit: (run: Run, patch: Patch) => o.prepare.edit(run, patch),
    retry: async (tx, batch: Batch, to: Again, edits: readonly Edited[]) =>
      counted(tx, o.tables, await o.changes.retry(tx, batch, to, edits)),
  })
