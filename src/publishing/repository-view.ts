import { type RawBuilder, sql } from 'kysely'
import type { Tables } from '../platform/tables.ts'
import { contentColumns } from './repository-content.ts'
import { PENDING_LIMIT } from './repository-publications.ts'

/** Which of an item's revisions is asked for; an instant: what is live then, if everything that is pending goes well. */
export type View = 'draft' | 'live' | Date

/** What is pending for the item `c`, in the order in which it happens. */
const pendingOf = (t: Tables) => sql`(
  select coalesce(json_agg(json_build_object('id', p.id, 'action', p.action, 'revision', p.revision, 'onEdit', p.on_edit,
    'given', p.given, 'dueMs', extract(epoch from p.due_at) * 1000, 'maxLateSeconds', p.max_late_seconds,
    'releaseId', p.release_id) order by p.due_at, p.created_at, p.id), '[]')
  from (select * from ${t.publications} p
    where c.due_at is not null and p.project_id = c.project_id and p.type = c.type and p.resource_id = c.id
      and p.locale = c.locale and p.finished_at is null
    order by p.due_at limit ${PENDING_LIMIT}) p)`

/**
 * Of what is due for the item `c` by an instant the last wins, as in the worker. What is so late already that it will be
 * missed is passed over.
 */
const winnerOf = (t: Tables, at: Date, columns: RawBuilder<unknown>) => sql`
  select ${columns} from ${t.publications} p
  where p.project_id = c.project_id and p.type = c.type and p.resource_id = c.id and p.locale = c.locale
    and p.finished_at is null and p.due_at <= ${at}::timestamptz
    and (p.max_late_seconds is null or p.due_at >= statement_timestamp() - make_interval(secs => p.max_late_seconds))
  order by p.due_at desc, p.created_at desc, p.id desc limit 1`

/** What a view shows of the item `c`: the columns `revision` and `since` of `v`. */
export const viewed = (t: Tables, view: View): RawBuilder<unknown> => {
  if (view === 'draft') return sql`lateral (select c.draft_revision as revision, c.published_at as since) v`
  if (view === 'live') return sql`lateral (select c.live_revision as revision, c.published_at as since) v`
  return sql`lateral (
    select case w.action when 'publish' then coalesce(w.revision, c.draft_revision) when 'unpublish' then null
        when 'archive' then null else c.live_revision end as revision,
      case w.action when 'publish' then w.due_at else c.published_at end as since
    from (select 1) item left join lateral (
      ${winnerOf(t, view, sql`p.action, p.revision, p.due_at`)}) w on c.due_at <= ${view}::timestamptz) v`
}

/**
 * Whether a view shows anything of the item `c`. For an instant it is told from the row, and mostly from the index, except
 * in the midst of what is scheduled, and where something is overdue.
 */
export const isSeen = (t: Tables, view: View): RawBuilder<unknown> => {
  if (view === 'draft') return sql`true`
  if (view === 'live') return sql`c.live_revision is not null`
  const at = sql`${view}::timestamptz`
  return sql`(c.live_revision is not null or c.due_at is not null) and (c.live_revision is not null or c.due_at <= ${at})
    and case when c.due_at is null or c.due_at > ${at} then c.live_revision is not null
      when c.ends_live is not null and c.last_due_at <= ${at} and c.due_at > statement_timestamp() then c.ends_live
      else coalesce((${winnerOf(t, view, sql`p.action = 'publish'`)}), c.live_revision is not null) end`
}

/** All that a read shows of the item `c`, but the data. `revision`, `since`: what its view gave. */
export const shownColumns = (t: Tables, revision: RawBuilder<unknown>, since: RawBuilder<unknown>) => sql`
  ${contentColumns('c')}, ${revision} as "shownRevision", ${since} as "shownSince", ${pendingOf(t)} as pending,
  extract(epoch from c.due_at - clock_timestamp())::float8 as "nextInSeconds"`
