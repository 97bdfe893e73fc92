import { sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import { parallelArrays } from '../platform/sql-arrays.ts'
import type { Tables } from '../platform/tables.ts'
import { KIND } from './repository-insert.ts'

/** Where workers hear that runs are to be stopped, and that slots were freed. */
export const channelOf = (t: Tables): string => `${t.schema}_runs`

/** In the caller's transaction: workers hear of it when that commits. Cast to text, as some clients cannot read a `void` column. */
export const tellWorkers = async (tx: Database, t: Tables, payloads: readonly string[]): Promise<void> => {
  if (payloads.length === 0) return
  await sql`select pg_notify(${channelOf(t)}, p)::text from unnest(${[...payloads]}::text[]) m(p)`.execute(tx)
}

export interface InHand {
  id: string
  attempt: number
}

export interface Percent extends InHand {
  percent: number
}

export const createControlRepository = (db: Database, t: Tables) => ({
  /** Of what runs here: what is to stop, as it was canceled, or belongs to another worker by now. */
  async toStop(inHand: readonly InHand[]): Promise<{ id: string; canceled: boolean }[]> {
    const input = parallelArrays(
      inHand.map(({ id }) => id),
      { numbers: { type: 'integer', values: inHand.map(({ attempt }) => attempt) } },
    )
    const { rows } = await sql<{ id: string; canceled: boolean }>`
      with ${input.cte} select id, state = 'sending' and attempt_no = ${input.at('numbers')} as canceled from ${t.runs}
      where id = any(${input.ids})
        and (cancel_requested or state <> 'sending' or attempt_no <> ${input.at('numbers')})`.execute(db)
    return rows
  },

  /** Of those that still run. Rows that somebody holds are passed over: the next number is told the sooner. */
  async progress(reports: readonly Percent[]): Promise<void> {
    const input = parallelArrays(
      reports.map(({ id }) => id),
      {
        numbers: { type: 'integer', values: reports.map(({ attempt }) => attempt) },
        percents: { type: 'integer', values: reports.map(({ percent }) => percent) },
      },
    )
    await sql`
      with ${input.cte}, locked as materialized (
        select id from ${t.runs}
        where id = any(${input.ids}) and state = 'sending' and attempt_no = ${input.at('numbers')}
          and progress <> ${input.at('percents')}
        order by id for no key update skip locked),
      moved as (
        update ${t.runs} set progress = ${input.at('percents')} where id = any(array(select id from locked))
        returning id, project_id, progress)
      insert into ${t.events} (project_id, kind, subject_id, type, data)
      select project_id, ${KIND}, id::text, ${`${KIND}.progress`}, jsonb_build_object('percent', progress) from moved`.execute(
      db,
    )
  },

  /** Of those that still run. The lock puts it before whatever ends them; what somebody holds is just being changed, and that is told. */
  async begun(runs: readonly InHand[]): Promise<void> {
    const input = parallelArrays(
      runs.map(({ id }) => id),
      { numbers: { type: 'integer', values: runs.map(({ attempt }) => attempt) } },
    )
    await sql`
      with ${input.cte}, locked as materialized (
        select id, project_id, attempt_no from ${t.runs}
        where id = any(${input.ids}) and state = 'sending' and attempt_no = ${input.at('numbers')}
        order by id for no key update skip locked)
      insert into ${t.events} (project_id, kind, subject_id, type, data)
      select project_id, ${KIND}, id::text, ${`${KIND}.started`}, jsonb_build_object('number', attempt_no) from locked`.execute(
      db,
    )
  },
})

export type ControlRepository = ReturnType<typeof createControlRepository>
