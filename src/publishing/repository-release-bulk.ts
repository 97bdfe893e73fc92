import { sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { ReleaseChange } from './repository-releases.ts'

/** What an operation keeps of a release: what a change of it writes. */
export type KeptRelease = Required<Omit<ReleaseChange, 'title' | 'attempts' | 'nextAt'>>

const INSTANTS = ['dueAt', 'executedAt', 'finishedAt'] as const

export const createReleaseBulkRepository = (t: Tables) => ({
  /** Keeps what it is, under the generation that the change will give it. */
  async keep(tx: Database, operationId: string, id: string): Promise<void> {
    await sql`insert into ${t.operationItems} (operation_id, subject_id, generation, before)
      select ${operationId}::uuid, id, generation + 1, jsonb_build_object('items', items, 'state', state, 'reason', reason,
        'error', error, 'publishAt', publish_at, 'dueAt', due_at, 'maxLateSeconds', max_late_seconds, 'failures', failures,
        'lateMs', late_ms, 'executedAt', executed_at, 'finishedAt', finished_at)
      from ${t.releases} where id = ${id}::uuid`.execute(tx)
  },

  /** Null where the operation has not changed it, or somebody has since: its generation tells. */
  async kept(
    tx: Database,
    operationId: string,
    { id, generation }: { id: string; generation: number },
  ): Promise<KeptRelease | null> {
    const { rows } = await sql<{ before: KeptRelease }>`
      select before from ${t.operationItems}
      where operation_id = ${operationId}::uuid and subject_id = ${id}::uuid and generation = ${generation}`.execute(
      tx,
    )
    const before = rows[0]?.before
    if (before === undefined) return null
    const instants = INSTANTS.map((name) => {
      const at = before[name]
      return [name, at === null ? null : new Date(at)] as const
    })
    return { ...before, ...(Object.fromEntries(instants) as Pick<KeptRelease, (typeof INSTANTS)[number]>) }
  },
})
