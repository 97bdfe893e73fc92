import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { type KeysetPage, keysetByTime } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'
import type { NewKey } from './secrets.ts'

export interface Key {
  id: string
  projectId: number
  project: string
  name: string
  hint: string
  scopes: string[]
  requestsPerMinute: number | null
  expiresAt: Date | null
  /** Until then the key before the last rotation is good, too. */
  previousValidUntil: Date | null
  lastUsedAt: Date | null
  createdBy: Actor | null
  createdAt: Date
  updatedAt: Date
}

export type KeySettings = Pick<Key, 'name' | 'scopes' | 'requestsPerMinute' | 'expiresAt'>
type Secret = Pick<NewKey, 'hash' | 'hint'>

export const createKeyRepository = (t: Tables) => {
  const columns = sql`k.id, k.project_id as "projectId", (select name from ${t.projects} p where p.id = k.project_id) as project,
    k.name, k.hint, k.scopes, k.requests_per_minute as "requestsPerMinute", k.expires_at as "expiresAt",
    case when k.previous_until > clock_timestamp() then k.previous_until end as "previousValidUntil",
    k.last_used_at as "lastUsedAt", k.created_by as "createdBy", k.created_at as "createdAt", k.updated_at as "updatedAt"`
  const bytes = (hash: string) => sql`decode(${hash}, 'hex')`

  return {
    async insert(
      tx: Database,
      o: KeySettings & Secret & { id: string; projectId: number; createdBy: Actor },
    ): Promise<Key | null> {
      const { rows } = await sql<Key>`
        insert into ${t.apiKeys} as k (id, project_id, name, hint, hash, scopes, requests_per_minute, expires_at, created_by)
        select ${o.id}::uuid, p.id, ${o.name}, ${o.hint}, ${bytes(o.hash)}, ${o.scopes}::text[],
          ${o.requestsPerMinute}::integer, ${o.expiresAt}::timestamptz, ${JSON.stringify(o.createdBy)}::jsonb
        from ${t.projects} p where p.id = ${o.projectId} and p.deleted_at is null
        returning ${columns}`.execute(tx)
      return rows[0] ?? null
    },

    /** Those that were revoked are gone. */
    async find(db: Database, projectId: number, id: string): Promise<Key | null> {
      const { rows } = await sql<Key>`select ${columns} from ${t.apiKeys} k
        where k.id = ${id}::uuid and k.project_id = ${projectId} and k.revoked_at is null`.execute(db)
      return rows[0] ?? null
    },

    async findForUpdate(tx: Database, projectId: number, id: string): Promise<Key | null> {
      const { rows } = await sql<Key>`select ${columns} from ${t.apiKeys} k
        where k.id = ${id}::uuid and k.project_id = ${projectId} and k.revoked_at is null for no key update`.execute(
        tx,
      )
      return rows[0] ?? null
    },

    async list(db: Database, projectId: number, q: KeysetPage): Promise<Key[]> {
      const { beyond, order } = keysetByTime(sql`k.created_at`, sql`k.id`, q)
      const { rows } = await sql<Key>`select ${columns} from ${t.apiKeys} k
        where k.project_id = ${projectId} and k.revoked_at is null
          ${beyond('and')}
        order by ${order} limit ${q.limit}`.execute(db)
      return rows
    },

    async update(tx: Database, id: string, to: KeySettings): Promise<Key | null> {
      const { rows } =
        await sql<Key>`update ${t.apiKeys} k set name = ${to.name}, scopes = ${to.scopes}::text[],
        requests_per_minute = ${to.requestsPerMinute}::integer, expires_at = ${to.expiresAt}::timestamptz,
        updated_at = clock_timestamp() where k.id = ${id}::uuid returning ${columns}`.execute(tx)
      return rows[0] ?? null
    },

    /** The key as it was stays good for so long; one before it does not. */
    async rotate(tx: Database, id: string, secret: Secret, overlapSeconds: number): Promise<Key | null> {
      const { rows } =
        await sql<Key>`update ${t.apiKeys} k set hash = ${bytes(secret.hash)}, hint = ${secret.hint},
        previous_hash = k.hash, previous_until = clock_timestamp() + make_interval(secs => ${overlapSeconds}),
        updated_at = clock_timestamp() where k.id = ${id}::uuid returning ${columns}`.execute(tx)
      return rows[0] ?? null
    },

    async revoke(tx: Database, id: string): Promise<void> {
      await sql`update ${t.apiKeys} set revoked_at = clock_timestamp(), updated_at = clock_timestamp()
        where id = ${id}::uuid`.execute(tx)
    },
  }
}
