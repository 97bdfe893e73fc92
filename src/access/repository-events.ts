import { sql } from 'kysely'
import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'

/** What happens to keys, users, projects and sessions. `docs/events.md` lists them with all others. */
export type AccessEvent =
  | `key.${'created' | 'updated' | 'rotated' | 'revoked'}`
  | `user.${'created' | 'updated' | 'deleted'}`
  | `project.${'created' | 'updated' | 'deleted'}`
  | `session.${'created' | 'refused' | 'ended'}`

/** Into the audit trail, in the transaction of the change itself. No secret, and no hash of one, may be in `data`. */
export const tell = async (
  tx: Database,
  t: Tables,
  by: By,
  event: { type: AccessEvent; subjectId: string; data: Readonly<Record<string, unknown>> },
): Promise<void> => {
  const [kind] = event.type.split('.')
  await sql`insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
    values (${by.projectId}, ${kind}, ${event.subjectId}, ${event.type}, ${JSON.stringify(by.actor)}::jsonb,
      ${JSON.stringify(event.data)}::jsonb)`.execute(tx)
}

/** The members of `before` and `after` that differ, as an event shows a change; null where none does. */
export const differences = (before: object, after: object): { before: object; after: object } | null => {
  const old = new Map<string, unknown>(Object.entries(before))
  const changed = Object.entries(after).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(old.get(name)),
  )
  if (changed.length === 0) return null
  return {
    before: Object.fromEntries(changed.map(([name]) => [name, old.get(name) ?? null])),
    after: Object.fromEntries(changed),
  }
}
