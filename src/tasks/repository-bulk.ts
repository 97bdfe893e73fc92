import { sql } from 'kysely'
import { createMatching } from '../delivery/index.ts'
import type { Tables } from '../platform/tables.ts'
import { byFilters, type Filters } from './repository-list.ts'

/** What bulk calls are about. The changes themselves are those of single calls. */
export const createBulkRepository = (t: Tables) => ({
  /** One with a key is alone: it may have to wait for another one's key. */
  ...createMatching({
    ...{ table: t.runs, row: 'n', alone: sql`n.dedupe_key is not null` },
    order: { by: 'due_at', descending: false },
    conditions: (projectId: number, filters: Filters) => [
      sql`n.project_id = ${projectId}`,
      ...byFilters(t, filters),
    ],
  }),

  /** Of what an operation changed, `i`: whether it must be alone. */
  hasKey: sql`(select n.dedupe_key is not null from ${t.runs} n where n.id = i.subject_id)`,
})
