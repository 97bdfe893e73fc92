import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Person } from './repository-forget.ts'
import { mentions } from './repository-forget-traces.ts'

const ROWS = 200

/**
 * Schedules that mention the person: of several recipients he is taken out; one that is for him alone, or that speaks of him, is
 * deleted. Returns how many there were. Before his notifications: else the next run would make one more.
 */
export const eraseFromSchedules = async (
  db: Database,
  t: Tables,
  person: Person,
  isDryRun: boolean,
): Promise<number> => {
  const hits = sql`select s.id, s.definition from ${t.schedules} s where ${mentions(person, sql`s.definition::text`)}`
  if (isDryRun) {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from (${hits}) h`.execute(db)
    return rows[0]?.n ?? 0
  }
  const to = (definition: RawBuilder<unknown>) => sql`${definition} #> '{notification,to}'`
  const { rows } = await sql<{ n: number }>`
    with hit as materialized (${hits} order by s.id limit ${ROWS} for no key update of s),
    cut as materialized (
      select id, jsonb_set(definition, '{notification,to}', (
        select coalesce(jsonb_agg(e), '[]') from jsonb_array_elements(${to(sql`definition`)}) e
        where not ${mentions(person, sql`e::text`)})) as definition
      from hit where jsonb_typeof(${to(sql`definition`)}) = 'array'),
    kept as materialized (
      select * from cut where not ${mentions(person, sql`definition::text`)} and jsonb_array_length(${to(sql`definition`)}) > 0),
    rewritten as (
      update ${t.schedules} s set definition = k.definition, version = s.version + 1, updated_at = clock_timestamp()
      from kept k where s.id = k.id),
    gone as (
      delete from ${t.schedules} where id in (select id from hit except select id from kept) returning id, project_id, name),
    canceled as (
      update ${t.scheduleRuns} set state = 'canceled', reason = 'forgotten', next_at = null, generation = generation + 1,
        finished_at = clock_timestamp()
      where schedule_id in (select id from gone) and next_at is not null),
    told as (
      insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
      select project_id, 'schedule', name, 'schedule.deleted', '{"kind":"operator","id":"forget"}'::jsonb,
        '{"reason":"forgotten"}'::jsonb from gone)
    select count(*)::int as n from hit`.execute(db)
  return rows[0]?.n ?? 0
}
