import { sql } from 'kysely'
import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { type EventType, kindOf } from './kinds.ts'

/** Writes one event, in the transaction of the change that it tells of. No secret, and no hash of one, may be in `data`. */
export const tell = async (
  tx: Database,
  t: Tables,
  by: By,
  event: { type: EventType; subjectId: string; data: object },
): Promise<void> => {
  await sql`insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
    values (${by.projectId}, ${kindOf(event.type)}, ${event.subjectId}, ${event.type}, ${JSON.stringify(by.actor)}::jsonb,
      ${JSON.stringify(event.data)}::jsonb)`.execute(tx)
}
