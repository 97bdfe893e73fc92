import { sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { KIND } from './repository.ts'

/** Nothing but failures for this long disables an endpoint. */
const FAILING_DAYS = 5
/** After a silence of this the count begins anew: two failures with nothing to send between them say nothing of the time between. */
const SILENCE_DAYS = 2

/** What is kept of how an endpoint is doing, so that one that is gone for good is left alone. */
export const createHealthRepository = (db: Database, t: Tables) => ({
  /** Something was delivered: whatever failed before is forgotten. */
  async recovered(id: string): Promise<void> {
    await sql`update ${t.webhooks} set failing_since = null, failed_at = null
      where id = ${id}::uuid and failing_since is not null`.execute(db)
  },

  /** A try has failed. `isGone`: the far side said that it wants nothing more. Returns whether that disabled the endpoint. */
  async failed(id: string, isGone: boolean): Promise<boolean> {
    const now = sql`clock_timestamp()`
    const { rows } = await sql<{ isDisabled: boolean }>`
      with l as materialized (
        select *, failing_since is null or failed_at < ${now} - make_interval(days => ${SILENCE_DAYS}) as is_new
        from ${t.webhooks} where id = ${id}::uuid and state = 'active' for no key update),
      verdict as materialized (
        select id, project_id, case when ${isGone} then 'gone'
          when not is_new and failing_since <= ${now} - make_interval(days => ${FAILING_DAYS}) then 'failing' end as reason
        from l),
      changed as (
        update ${t.webhooks} w set failing_since = case when l.is_new then ${now} else l.failing_since end,
          failed_at = ${now}, state = case when v.reason is null then w.state else 'disabled' end,
          disabled_reason = coalesce(v.reason, w.disabled_reason),
          updated_at = case when v.reason is null then w.updated_at else ${now} end
        from l, verdict v where w.id = l.id and v.id = l.id returning w.id),
      told as (
        insert into ${t.events} (project_id, kind, subject_id, type, data)
        select project_id, ${KIND}, id::text, ${`${KIND}.disabled`}, jsonb_build_object('reason', reason)
        from verdict where reason is not null)
      select v.reason is not null as "isDisabled" from verdict v, changed`.execute(db)
    return rows[0]?.isDisabled ?? false
  },
})
