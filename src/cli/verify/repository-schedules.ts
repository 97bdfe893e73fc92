import { sql } from 'kysely'
import type { Database } from '../../platform/database.ts'
import type { Tables } from '../../platform/tables.ts'

/** Rows of one page: some 100 ms. */
const PAGE = 5_000
const NO_ID = '00000000-0000-0000-0000-000000000000'

export interface ScheduleFact {
  id: string
  name: string
  projectId: number
  nextMs: number
  /** A timer or a job of its generation is there. */
  isPlanted: boolean
}

export interface RunFact {
  id: string
  name: string
  state: string
  dueMs: number
  startedMs: number | null
  finishedMs: number | null
  isPlanted: boolean
  /** Null: it has started no notification. */
  hasNotification: boolean | null
}

export interface Place {
  dueMs: number
  id: string
}

export const FIRST = (fromMs: number): Place => ({ dueMs: fromMs, id: NO_ID })

const ms = (column: string) => sql`(extract(epoch from ${sql.ref(column)}) * 1000)::float8`

/** What is on record of recurring schedules. */
export const createScheduleFacts = (t: Tables, queueSchema: string) => {
  const jobs = sql.id(queueSchema, 'job')
  const planted = (row: string) => sql`(
    exists (select 1 from ${t.timers} x where x.subject_id = ${sql.ref(`${row}.id`)} and x.generation = ${sql.ref(`${row}.generation`)})
    or exists (select 1 from ${jobs} j where j.name in ('schedules', 'schedules.runs') and j.state <= 'active'
      and j.data ->> 's' = ${sql.ref(`${row}.id`)}::text and (j.data ->> 'g')::int = ${sql.ref(`${row}.generation`)}))`
  const after = (column: string, id: string, { dueMs, id: last }: Place) =>
    sql`(${sql.ref(column)}, ${sql.ref(id)}) > (to_timestamp(${dueMs}::float8 / 1000), ${last}::uuid)`

  return {
    async schedules(tx: Database, projectId: number, after_: string | null): Promise<ScheduleFact[]> {
      const { rows } = await sql<ScheduleFact>`
        select s.id, s.name, s.project_id as "projectId", ${ms('s.next_at')} as "nextMs", ${planted('s')} as "isPlanted"
        from ${t.schedules} s
        where s.project_id = ${projectId} and s.state = 'active' and s.id > ${after_ ?? NO_ID}::uuid
        order by s.id limit ${PAGE}`.execute(tx)
      return rows
    },

    async runs(tx: Database, projectId: number, from: Place, toMs: number): Promise<RunFact[]> {
      const { rows } = await sql<RunFact>`
        select r.id, r.name, r.state, ${ms('r.due_at')} as "dueMs", ${ms('r.started_at')} as "startedMs",
          ${ms('r.finished_at')} as "finishedMs",
          (r.next_at is null or ${planted('r')} or exists (
            select 1 from ${t.schedules} s where s.id = r.schedule_id and s.state = 'paused')) as "isPlanted",
          case when r.state = 'started' and r.item_kind = 'notification'
            then exists (select 1 from ${t.notifications} n where n.id = r.item_id::uuid) end as "hasNotification"
        from ${t.scheduleRuns} r
        where r.project_id = ${projectId} and ${after('r.due_at', 'r.id', from)}
          and r.due_at < to_timestamp(${toMs}::float8 / 1000)
        order by r.due_at, r.id limit ${PAGE}`.execute(tx)
      return rows
    },
  }
}

export const isFull = (rows: readonly unknown[]): boolean => rows.length === PAGE
