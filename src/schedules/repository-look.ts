import { sql } from 'kysely'
import type { DeadLetterTable } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { scheduleColumns } from './repository-due.ts'
import { errorKeyOf, hasSchedule, PROVIDER } from './repository-run-list.ts'
import type { Schedule } from './row.ts'

/** What is shown of a failed run. */
export interface DeadRun {
  name: string
  cause: string
}

/** Runs that could not start what they are for. */
export const deadRuns = (t: Tables): DeadLetterTable => ({
  failed: (projectId, { lanes, error }) => sql`
    ${t.scheduleRuns} d
    where d.project_id = ${projectId} and d.state = 'failed' and ${hasSchedule(t, 'd')}
    ${lanes === undefined ? sql`` : sql`and d.lane = any(${lanes}::text[])`}
    ${error === undefined ? sql`` : sql`and ${errorKeyOf('d')} = ${error}`}`,
  columns: sql`d.*`,
  counted: sql`d.reason, d.error, d.finished_at`,
  lastAttempt: sql``,
  finishedAt: sql`d.finished_at`,
  error: sql`d.error`,
  provider: sql.lit(PROVIDER),
  shown: sql`d.name, d.cause`,
})

export const createLookRepository = (t: Tables) => ({
  /** Those that run next before `to`. */
  async upcoming(db: Database, projectId: number, to: Date, limit: number): Promise<Schedule[]> {
    const { rows } = await sql<Schedule>`
      select ${scheduleColumns} from ${t.schedules} s
      where s.project_id = ${projectId} and s.state = 'active' and s.next_occurrence < ${to}
      order by s.next_occurrence, s.id limit ${limit}`.execute(db)
    return rows
  },

  /** Those that wait, in the order of their ids. */
  async waiting(db: Database, after: string | null, limit: number): Promise<Schedule[]> {
    const { rows } = await sql<Schedule>`
      select ${scheduleColumns} from ${t.schedules} s
      where s.state <> 'finished' ${after === null ? sql`` : sql`and s.id > ${after}::uuid`}
      order by s.id limit ${limit}`.execute(db)
    return rows
  },

  /** Every one, in the order of their ids. */
  async all(
    db: Database,
    after: string | null,
    limit: number,
  ): Promise<Pick<Schedule, 'id' | 'definition'>[]> {
    const { rows } = await sql<Pick<Schedule, 'id' | 'definition'>>`
      select s.id, s.definition from ${t.schedules} s ${after === null ? sql`` : sql`where s.id > ${after}::uuid`}
      order by s.id limit ${limit}`.execute(db)
    return rows
  },

  /** Whether a project has one that is not finished. */
  async waits(db: Database, projectId: number): Promise<boolean> {
    const { rows } = await sql<{ found: boolean }>`
      select exists (select 1 from ${t.schedules} s where s.project_id = ${projectId} and s.state <> 'finished') as found`.execute(
      db,
    )
    return rows[0]?.found === true
  },

  async projectId(db: Database, name: string): Promise<number | null> {
    const { rows } = await sql<{ id: number }>`select id from ${t.projects} where name = ${name}`.execute(db)
    return rows[0]?.id ?? null
  },

  async declared(db: Database, projectId: number): Promise<string[]> {
    const { rows } = await sql<{ name: string }>`
      select name from ${t.schedules} where project_id = ${projectId} and declared order by name limit 10000`.execute(
      db,
    )
    return rows.map(({ name }) => name)
  },

  /** One process at a time declares; held until the transaction ends. */
  async lockDeclaring(tx: Database): Promise<void> {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`${t.schema} schedules`}, 0))::text`.execute(tx)
  },

  /** Of a schedule, what is sealed in it is written anew; only where it still is what was read. */
  async reseal(db: Database, id: string, before: object, after: object): Promise<boolean> {
    const { numAffectedRows } = await sql`
      update ${t.schedules} set definition = ${JSON.stringify(after)}::jsonb
      where id = ${id}::uuid and definition = ${JSON.stringify(before)}::jsonb`.execute(db)
    return numAffectedRows === 1n
  },
})
