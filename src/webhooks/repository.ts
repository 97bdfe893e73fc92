import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import { type KeysetPage, keysetByTime } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'

/** Names the events of endpoints: `webhook.created`. */
export const KIND = 'webhook'

export type DisabledReason = 'request' | 'gone' | 'failing'

/** An endpoint. Its secrets are sealed. */
export interface Webhook {
  id: string
  url: string
  types: string[]
  description: string | null
  state: 'active' | 'disabled'
  disabledReason: DisabledReason | null
  secret: string
  previousSecret: string | null
  /** Until then the secret before it signs too; null where there is none, or it is over. */
  previousUntil: Date | null
  failingSince: Date | null
  createdAt: Date
  updatedAt: Date
}

export type NewWebhook = Pick<Webhook, 'id' | 'url' | 'types' | 'description' | 'secret'>

export type Repository = ReturnType<typeof createRepository>

const columns = sql`id, url, types, description, state, disabled_reason as "disabledReason", secret,
  previous_secret as "previousSecret",
  case when previous_until > clock_timestamp() then previous_until end as "previousUntil",
  failing_since as "failingSince", created_at as "createdAt", updated_at as "updatedAt"`

/** One statement of the feed: nobody who dispatches has come further, and nothing before it is of interest to anyone. */
const openFeed = (t: Tables) => sql`
  insert into ${t.feeds} as f (name, xid, id)
  values ('webhooks', pg_snapshot_xmin(pg_current_snapshot()), 0)
  on conflict (name) do update set xid = excluded.xid, id = 0
    where f.xid < excluded.xid and not exists (select 1 from ${t.webhooks} where state = 'active')`

export const createRepository = (t: Tables) => {
  const rowsOf = async (db: Database, statement: RawBuilder<unknown>): Promise<Webhook[]> =>
    (await sql<Webhook>`${statement}`.execute(db)).rows
  const oneOf = async (db: Database, statement: RawBuilder<unknown>): Promise<Webhook | null> =>
    (await rowsOf(db, statement))[0] ?? null
  /** Of what is written under the lock, or made: the row is there. */
  const writtenOf = async (tx: Database, statement: RawBuilder<unknown>): Promise<Webhook> => {
    const row = await oneOf(tx, statement)
    if (row === null) throw new Error('the write of an endpoint was not answered')
    return row
  }
  const own = (projectId: number, id: string) => sql`id = ${id}::uuid and project_id = ${projectId}`

  return {
    find: (db: Database, projectId: number, id: string): Promise<Webhook | null> =>
      oneOf(db, sql`select ${columns} from ${t.webhooks} where ${own(projectId, id)}`),

    /** The endpoint under its lock: changes of it are decided from that, one after the other. */
    lock: (tx: Database, projectId: number, id: string): Promise<Webhook | null> =>
      oneOf(tx, sql`select ${columns} from ${t.webhooks} where ${own(projectId, id)} for no key update`),

    list(db: Database, projectId: number, page: KeysetPage): Promise<Webhook[]> {
      const { beyond, order } = keysetByTime(sql`created_at`, sql`id`, page)
      return rowsOf(
        db,
        sql`select ${columns} from ${t.webhooks} where project_id = ${projectId}
          ${beyond('and')}
          order by ${order} limit ${page.limit}`,
      )
    },

    async count(db: Database, projectId: number, limit: number): Promise<number> {
      const { rows } = await sql<{ n: number }>`
        select count(*)::int as n from (
          select 1 from ${t.webhooks} where project_id = ${projectId} limit ${limit}) w`.execute(db)
      return rows[0]?.n ?? 0
    },

    /** Before the row is there: what is committed in between would be missed otherwise. */
    async insert(tx: Database, projectId: number, w: NewWebhook): Promise<Webhook> {
      await openFeed(t).execute(tx)
      return writtenOf(
        tx,
        sql`insert into ${t.webhooks}
            (id, project_id, url, types, description, secret)
          values (${w.id}, ${projectId}, ${w.url}, ${w.types}::text[], ${w.description}, ${w.secret})
          returning ${columns}`,
      )
    },

    /** Writes what may be changed, all of it. What is enabled hears of what is committed from then on. */
    async update(tx: Database, before: Webhook, w: Omit<Webhook, 'previousUntil'>): Promise<Webhook> {
      const isEnabled = before.state === 'disabled' && w.state === 'active'
      if (isEnabled) await openFeed(t).execute(tx)
      return writtenOf(
        tx,
        sql`update ${t.webhooks} set url = ${w.url}, types = ${w.types}::text[], description = ${w.description},
            state = ${w.state}, disabled_reason = ${w.disabledReason}, updated_at = clock_timestamp()
            ${isEnabled ? sql`, since = pg_current_snapshot(), failing_since = null, failed_at = null` : sql``}
          where id = ${w.id}::uuid returning ${columns}`,
      )
    },

    /** The old secret signs beside the new one for a while; what was before that is gone. */
    rotate: (tx: Database, id: string, secret: string, overlapSeconds: number): Promise<Webhook> =>
      writtenOf(
        tx,
        sql`update ${t.webhooks} set previous_secret = secret, secret = ${secret},
            previous_until = clock_timestamp() + make_interval(secs => ${overlapSeconds}), updated_at = clock_timestamp()
          where id = ${id}::uuid returning ${columns}`,
      ),

    async remove(tx: Database, id: string): Promise<void> {
      await sql`delete from ${t.webhooks} where id = ${id}::uuid`.execute(tx)
    },
  }
}
