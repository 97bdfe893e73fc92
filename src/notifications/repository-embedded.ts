import { sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'

/** What is pending with a dedupe key, without a column of instants: some drivers give those as text. */
export interface PendingBrief {
  id: string
  generation: number
  state: string
  dueMs: number
}

export const createEmbeddedRepository = (t: Tables) => ({
  async pending(db: Database, projectId: number, key: string): Promise<PendingBrief | null> {
    const { rows } = await sql<PendingBrief>`
      select n.id::text as id, n.generation, (extract(epoch from n.due_at) * 1000)::float8 as "dueMs",
        case when n.state = 'scheduled' and n.next_at <= clock_timestamp() then 'queued' else n.state::text end as state
      from ${t.notifications} n where n.project_id = ${projectId} and n.pending_key = ${key}`.execute(db)
    return rows[0] ?? null
  },
})
