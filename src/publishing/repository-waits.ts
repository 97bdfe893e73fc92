import { sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'

/** Whether anything of a project is still to be published, alone or in a release. */
export const createPublicationWaits =
  ({ db, tables: t }: { db: Database; tables: Tables }) =>
  async (projectId: number): Promise<boolean> => {
    const { rows } = await sql<{ waits: boolean }>`
      select exists (select 1 from ${t.publications} where project_id = ${projectId} and finished_at is null)
        or exists (select 1 from ${t.releases} where project_id = ${projectId} and state = 'scheduled') as waits`.execute(
      db,
    )
    return rows[0]?.waits === true
  }
