import { type RawBuilder, sql } from 'kysely'
import { instantText } from '../platform/sql-instant.ts'
import type { Tables } from '../platform/tables.ts'
import { NOTIFY_HORIZON_SECONDS, plantTimers, removeTimers } from '../timers/index.ts'
import type { ExternalTable } from './external-table.ts'
import {
  canceling,
  change,
  lockedRow,
  publishing,
  scheduling,
  type Setter,
  unpublishing,
} from './repository-external-row.ts'

type Part = RawBuilder<unknown>
/** Null for a model of callbacks: its rows are nobody's business but the application's. */
type Table = ExternalTable | null

/** Everything that the texts need is in one JSON object, their only parameter; its row is what the lock found. */
const given = (name: string): Part => sql.raw(`($1 ->> '${name}')`)
const givenJson = (name: string): Part => sql.raw(`($1 -> '${name}')`)
const rowId = sql.raw(`($1 #>> '{row,id}')`)
const rowStatus = sql.raw(`($1 #>> '{row,status}')`)

const isOfRow = sql`project_id = ${given('projectId')}::integer and type = ${given('model')} and resource_id = ${rowId}
  and locale = ${given('locale')}`
const subject = sql`${given('model')} || ':' || ${rowId} || case ${given('locale')} when '' then '' else ':' || ${given('locale')} end`
const shown = (
  from: Part,
): Part => sql`(select coalesce(jsonb_agg(jsonb_build_object('publicationId', id, 'action', action,
  'revision', null, 'dueAt', ${instantText(sql`due_at`)}) order by due_at, id), '[]') from ${from})`
const clock = sql`clock as materialized (select date_trunc('milliseconds', clock_timestamp())::timestamptz(3) as now)`
const atMs = sql`(select (extract(epoch from now) * 1000)::float8 from clock)`

const changed = (
  table: Table,
  setters: (table: ExternalTable) => readonly Setter[],
  o: { from?: Part; where?: Part } = {},
): Part => {
  const part = table === null ? null : change(table, setters(table), { id: rowId, ...o })
  return part === null ? sql`` : sql`, changed as (${part})`
}

/**
 * Who schedules a row without a mapping has seen it by code of his own, which may have locked it or not: so he waits here for
 * others that schedule it.
 */
export const lockText = (table: Table): Part =>
  table === null
    ? sql`select jsonb_build_object('id', ${given('id')}) from (select pg_advisory_xact_lock(
        hashtextextended(concat_ws(' ', 'yeyak', ${given('projectId')}, ${given('model')}, ${given('id')}), 0))) l`
    : lockedRow(table, given('id'))

/** The row may be gone. */
export const lockIfThereText = (table: Table): Part =>
  table === null
    ? lockText(table)
    : sql`select coalesce((${lockText(table)}), jsonb_build_object('id', ${given('id')}))`

/** The second statements, by what they do. */
export const createTexts = (t: Tables) => {
  const closing = (state: string, reason: string, where: Part = sql`true`): Part => sql`
    closed as (
      update ${t.publications} set state = ${sql.lit(state)}, reason = ${sql.lit(reason)}, generation = generation + 1,
        finished_at = clock_timestamp(), updated_at = clock_timestamp()
      where ${isOfRow} and finished_at is null and release_id is null and ${where}
      returning id, action, due_at),
    removed as (${removeTimers(t, sql`array(select id from closed)`)})`

  const telling = (type: string, data: Part, where: Part): Part => sql`
    told as (
      insert into ${t.events} (project_id, kind, subject_id, type, actor, data)
      select ${given('projectId')}::integer, 'content', ${subject}, ${sql.lit(type)}, ${givenJson('actor')}, ${data} where ${where})`

  const columns = sql`id, project_id, type, resource_id, locale, external, lane, action, actor`
  const identity = (
    action: Part,
  ) => sql`${given('projectId')}::integer, ${given('model')}, ${rowId}, ${given('locale')}, true,
    ${given('lane')}, ${action}, ${givenJson('actor')}`

  const byHand = (
    table: Table,
    action: 'publish' | 'unpublish',
    setters: (of: ExternalTable) => readonly Setter[],
  ): Part => sql`
    with ${clock},
    ${closing('superseded', `${action} by hand`)},
    made as (
      insert into ${t.publications} (${columns}, due_at, next_at, state, executed_at, finished_at, late_ms)
      select ${given('publicationId')}::uuid, ${identity(sql.lit(action))}, now, now, 'succeeded', now, now, 0
      from clock where (select count(*) from closed) >= 0),
    ${telling(
      `content.${action}ed`,
      sql`jsonb_build_object('type', ${given('model')}, 'id', ${rowId}, 'locale', ${given('locale')}, 'external', true,
        'revision', null, 'sha256', null, 'scheduledFor', null, 'publishedAt', (select ${instantText(sql`now`)} from clock),
        'lateMs', null, 'tags', '[]'::jsonb, 'paths', '[]'::jsonb, 'publicationId', ${given('publicationId')},
        'superseded', (select coalesce(jsonb_agg(id), '[]') from closed))`,
      sql`true`,
    )}
    ${changed(table, setters)}
    select jsonb_build_object('atMs', ${atMs})`

  return {
    schedule(table: Table): Part {
      const isNotLive =
        table?.columns.status === undefined
          ? sql`false`
          : sql`(not exists (select 1 from wanted where action = 'publish')
              and ${rowStatus} is distinct from ${sql.lit(table.values.published)})`
      return sql`
        with ${clock},
        wanted as materialized (
          select id, action, due, given, "maxLateSeconds" from jsonb_to_recordset(${givenJson('wanted')})
            as w(id uuid, action text, due timestamptz(3), given jsonb, "maxLateSeconds" float8)),
        verdict as materialized (
          select (select action from wanted, clock where due <= now order by due limit 1) as late, ${isNotLive} as not_live),
        fine as materialized (select late is null and not not_live as fine from verdict),
        ${closing('canceled', 'rescheduled', sql`(select fine from fine)`)},
        made as (
          insert into ${t.publications} (${columns}, given, due_at, next_at, max_late_seconds)
          select id, ${identity(sql`action`)}, given, due, due, case action when 'publish' then "maxLateSeconds" end
          from wanted where (select fine from fine) and (select count(*) from closed) >= 0
          returning id, action, lane, due_at, next_at, generation, priority),
        planted as (${plantTimers(t, sql`select id as subject_id, lane, next_at as due_at, generation, priority from made`)}),
        ${telling(
          'content.scheduled',
          sql`jsonb_build_object('before', ${shown(sql`closed`)}, 'after', ${shown(sql`made`)})`,
          sql`(select fine from fine)`,
        )}
        ${changed(table, (of) => scheduling(of, sql`w.publish_due`, sql`w.unpublish_due`), {
          from: sql`(select max(due) filter (where action = 'publish') as publish_due,
            max(due) filter (where action = 'unpublish') as unpublish_due from wanted) w`,
          where: sql`(select fine from fine)`,
        })}
        select jsonb_build_object('late', late, 'notLive', not_live, 'announced', (
          select pg_notify(${given('channel')}, ((extract(epoch from min(next_at)) * 1000)::bigint)::text)::text from made
          where next_at < clock_timestamp() + make_interval(secs => ${sql.lit(NOTIFY_HORIZON_SECONDS)})
          having count(*) > 0)) from verdict`
    },

    cancel: (table: Table): Part => sql`
      with ${closing('canceled', 'request')},
      ${telling(
        'content.unscheduled',
        sql`jsonb_build_object('reason', 'request', 'before', ${shown(sql`closed`)}, 'after', '[]'::jsonb)`,
        sql`exists (select 1 from closed)`,
      )}
      ${changed(table, canceling, { where: sql`exists (select 1 from closed)` })}
      select jsonb_build_object('canceled', (select count(*) from closed), 'last', (
        select state from ${t.publications} where ${isOfRow} order by due_at desc limit 1))`,

    publish: (table: Table): Part =>
      byHand(table, 'publish', (of) => publishing(of, sql`(select now from clock)`, true)),
    unpublish: (table: Table): Part => byHand(table, 'unpublish', unpublishing),
  }
}

export type Deed = keyof ReturnType<typeof createTexts>
