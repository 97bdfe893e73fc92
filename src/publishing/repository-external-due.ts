import { sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Due } from './decide.ts'

/** A publication of a row that is not ours, as the worker finds it under its lock. */
export interface ExternalPublication extends Due {
  projectId: number
  model: string
  resourceId: string
  locale: string
  nextAt: Date
  generation: number
  isPending: boolean
}

export interface Target {
  projectId: number
  model: string
  resourceId: string
  locale: string
  dueAt: Date
}

type Row = Omit<ExternalPublication, 'dueAt' | 'nextAt' | 'createdAt'> & {
  dueMs: number
  nextMs: number
  createdMs: number
}

/** Instants are read as numbers: these statements run on connections whose driver may give dates as texts. */
const ms = (column: string) => sql`(extract(epoch from ${sql.ref(column)}) * 1000)::float8`

const PENDING_LIMIT = 1_000

export const createExternalDue = (t: Tables) => ({
  /** What a job is about, before anything is locked. */
  async target(tx: Database, id: string): Promise<Target | null> {
    const { rows } = await sql<Omit<Target, 'dueAt'> & { dueMs: number }>`
      select project_id as "projectId", type as model, resource_id as "resourceId", locale, ${ms('due_at')} as "dueMs"
      from ${t.publications} where id = ${id}::uuid and external`.execute(tx)
    const [row] = rows
    return row === undefined ? null : { ...row, dueAt: new Date(row.dueMs) }
  },

  /** Locks the publication of the job, and what else is pending and due for its row. */
  async lockDue(
    tx: Database,
    id: string,
    { projectId, model, resourceId, locale }: Target,
  ): Promise<{ now: Date; publications: ExternalPublication[] }> {
    const { rows } = await sql<Row & { nowMs: number }>`
      with clock as materialized (select date_trunc('milliseconds', clock_timestamp()) as now)
      select id::text as id, project_id as "projectId", type as model, resource_id as "resourceId", locale, action,
        ${ms('due_at')} as "dueMs", ${ms('next_at')} as "nextMs", ${ms('created_at')} as "createdMs",
        max_late_seconds as "maxLateSeconds", generation, finished_at is null as "isPending",
        (select ${ms('now')} from clock) as "nowMs"
      from ${t.publications}
      where id = ${id}::uuid or (project_id = ${projectId} and type = ${model} and resource_id = ${resourceId}
        and locale = ${locale} and external and finished_at is null and release_id is null
        and due_at <= (select now from clock))
      order by id limit ${PENDING_LIMIT} for no key update`.execute(tx)
    return {
      now: new Date(rows[0]?.nowMs ?? 0),
      publications: rows.map(({ dueMs, nextMs, createdMs, ...row }) => ({
        ...{ ...row, dueAt: new Date(dueMs), nextAt: new Date(nextMs), createdAt: new Date(createdMs) },
      })),
    }
  },

  /** Runs `work` so that what it throws takes back what it wrote, and nothing else. */
  async attempt(tx: Database, work: () => Promise<void>): Promise<void> {
    await sql`savepoint yeyak_attempt`.execute(tx)
    try {
      await work()
    } catch (error) {
      await sql`rollback to savepoint yeyak_attempt`.execute(tx)
      throw error
    }
    await sql`release savepoint yeyak_attempt`.execute(tx)
  },
})
