import { sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Role } from './roles.ts'

export const IDLE_HOURS = 12
export const SESSION_DAYS = 7
const MOST_PROJECTS = 1_000

export interface KeyRow {
  id: string
  projectId: number
  name: string
  hash: string
  previousHash: string | null
  scopes: string[]
  requestsPerMinute: number | null
  /** Milliseconds until it ends, by the database's clock; null for a key without end. */
  expiresInMs: number | null
  previousInMs: number | null
}

export interface SessionRow {
  hash: string
  userId: string
  email: string
  name: string
  role: Role
  /** Null: all. */
  projectIds: number[] | null
  /** Those that the user may enter, the oldest first. */
  projects: { id: number; name: string }[]
  expiresInMs: number
  expiresAt: Date
}

/** Of a session `s` that is still good, but for who it belongs to. */
export const isGood = sql`s.expires_at > clock_timestamp()
  and s.seen_at > clock_timestamp() - make_interval(hours => ${sql.lit(IDLE_HOURS)})`

const inMs = (instant: string) =>
  sql`(extract(epoch from ${sql.ref(instant)} - clock_timestamp()) * 1000)::float8`
const bytes = (hashes: readonly string[]) =>
  sql`array(select decode(h, 'hex') from unnest(${hashes}::text[]) h)`

/** What every request may ask. Each is one look-up by keys. */
export const createCredentialRepository = (t: Tables) => ({
  /** Whether anybody was ever given a key, or is a user. */
  async isConfigured(db: Database): Promise<boolean> {
    const { rows } = await sql<{ found: boolean }>`
      select exists (select 1 from ${t.apiKeys}) or exists (select 1 from ${t.users}) as found`.execute(db)
    return rows[0]?.found === true
  },

  /** Whether there is a key that is good now, or a user who may sign in. */
  async canAnybodyEnter(db: Database): Promise<boolean> {
    const { rows } = await sql<{ found: boolean }>`
      select exists (
        select 1 from ${t.apiKeys} k join ${t.projects} p on p.id = k.project_id and p.deleted_at is null
        where k.revoked_at is null and coalesce(k.expires_at, 'infinity') > clock_timestamp()
      ) or exists (select 1 from ${t.users} where disabled_at is null) as found`.execute(db)
    return rows[0]?.found === true
  },

  async keys(db: Database, hashes: readonly string[]): Promise<KeyRow[]> {
    const { rows } = await sql<KeyRow>`
      select k.id, k.project_id as "projectId", k.name, encode(k.hash, 'hex') as hash,
        encode(k.previous_hash, 'hex') as "previousHash", k.scopes, k.requests_per_minute as "requestsPerMinute",
        ${inMs('k.expires_at')} as "expiresInMs", ${inMs('k.previous_until')} as "previousInMs"
      from ${t.apiKeys} k join ${t.projects} p on p.id = k.project_id and p.deleted_at is null
      where (k.hash = any(${bytes(hashes)}) or k.previous_hash = any(${bytes(hashes)})) and k.revoked_at is null
      limit ${2 * hashes.length}`.execute(db)
    return rows
  },

  async sessions(db: Database, hashes: readonly string[]): Promise<SessionRow[]> {
    const { rows } = await sql<SessionRow>`
      select encode(s.hash, 'hex') as hash, u.id as "userId", u.email, u.name, u.role, u.project_ids as "projectIds",
        ${inMs('s.expires_at')} as "expiresInMs", s.expires_at as "expiresAt",
        (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name) order by p.id), '[]') from (
          select id, name from ${t.projects} where deleted_at is null
            and (u.project_ids is null or id = any(u.project_ids)) order by id limit ${MOST_PROJECTS}) p) as projects
      from ${t.sessions} s join ${t.users} u on u.id = s.user_id
      where s.hash = any(${bytes(hashes)}) and u.disabled_at is null and ${isGood}
      limit ${hashes.length}`.execute(db)
    return rows
  },

  /** At most once a minute, whichever process says so. */
  async usedKey(db: Database, id: string): Promise<void> {
    await sql`update ${t.apiKeys} set last_used_at = clock_timestamp()
      where id = ${id}::uuid and coalesce(last_used_at, '-infinity') < clock_timestamp() - interval '59 seconds'`.execute(
      db,
    )
  },

  async usedSession(db: Database, hash: string): Promise<void> {
    await sql`update ${t.sessions} set seen_at = clock_timestamp()
      where hash = decode(${hash}, 'hex') and seen_at < clock_timestamp() - interval '59 seconds'
        and seen_at > clock_timestamp() - make_interval(hours => ${IDLE_HOURS})`.execute(db)
  },
})

export type CredentialRepository = ReturnType<typeof createCredentialRepository>
