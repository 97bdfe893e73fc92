import { sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import { type KeysetPage, keysetByTime } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'
import { IDLE_HOURS, isGood, SESSION_DAYS } from './repository-credentials.ts'
import type { Role } from './roles.ts'

export interface SignIn {
  id: string
  passwordHash: string
  /** In whose audit trail it stands: the first project that the user may enter; null where there is none. */
  projectId: number | null
  disabled: boolean
}

/** Somebody's session, as it is shown to others. */
export interface Session {
  id: string
  user: { id: string; email: string; name: string }
  /** Where he signed in from. */
  from: string | null
  createdAt: Date
  seenAt: Date
  expiresAt: Date
  /** It is the one that asks. */
  isCurrent: boolean
}

const DIGITS = sql`encode(sha256(s.hash), 'hex')`
/** Of a session `s`: what it is called by, a UUIDv8. It follows from the hash of its secret, and nobody gets from it to either. */
const ID = sql`(left(${DIGITS}, 12) || '8' || substr(${DIGITS}, 14, 3) || '8' || substr(${DIGITS}, 18, 15))::uuid`

/** A user's oldest sessions end beyond these. */
const MOST_SESSIONS = 50

export const createSessionRepository = (t: Tables) => ({
  async findUser(db: Database, email: string): Promise<SignIn | null> {
    const { rows } = await sql<SignIn>`
      select u.id, u.password_hash as "passwordHash", u.disabled_at is not null as disabled,
        (select min(p.id) from ${t.projects} p where p.deleted_at is null
          and (u.project_ids is null or p.id = any(u.project_ids))) as "projectId"
      from ${t.users} u where lower(u.email) = lower(${email})`.execute(db)
    return rows[0] ?? null
  },

  /** False where the password was changed since it was compared: it is not good any more. */
  async begin(tx: Database, o: { hash: string; user: SignIn; address: string }): Promise<boolean> {
    const { rows } = await sql`
      update ${t.users} set signed_in_at = clock_timestamp()
      where id = ${o.user.id}::uuid and password_hash = ${o.user.passwordHash} and disabled_at is null
      returning id`.execute(tx)
    if (rows.length === 0) return false
    await sql`delete from ${t.sessions} where user_id = ${o.user.id}::uuid and (
      expires_at <= clock_timestamp() or seen_at < clock_timestamp() - make_interval(hours => ${IDLE_HOURS})
      or hash = any(array(select hash from ${t.sessions} where user_id = ${o.user.id}::uuid
        order by created_at desc offset ${MOST_SESSIONS - 1} limit 1000)))`.execute(tx)
    await sql`insert into ${t.sessions} (hash, user_id, address, expires_at)
      values (decode(${o.hash}, 'hex'), ${o.user.id}::uuid, ${o.address},
        clock_timestamp() + make_interval(days => ${SESSION_DAYS}))`.execute(tx)
    return true
  },

  async end(tx: Database, hash: string): Promise<boolean> {
    const { numAffectedRows } =
      await sql`delete from ${t.sessions} where hash = decode(${hash}, 'hex')`.execute(tx)
    return Number(numAffectedRows ?? 0) > 0
  },

  /** Those that are good. `own` is the hash of the one that asks. */
  async list(db: Database, own: string | null, q: KeysetPage): Promise<Session[]> {
    const { beyond, order } = keysetByTime(sql`s.created_at`, ID, q)
    const { rows } = await sql<Session>`
      select ${ID} as id, jsonb_build_object('id', u.id, 'email', u.email, 'name', u.name) as user, s.address as from,
        s.created_at as "createdAt", s.seen_at as "seenAt", s.expires_at as "expiresAt",
        coalesce(s.hash = decode(${own}, 'hex'), false) as "isCurrent"
      from ${t.sessions} s join ${t.users} u on u.id = s.user_id
      where ${isGood} and u.disabled_at is null ${beyond('and')}
      order by ${order} limit ${q.limit}`.execute(db)
    return rows
  },

  /** Whose it is. */
  async userOf(db: Database, id: string): Promise<{ id: string; role: Role } | null> {
    const { rows } = await sql<{ id: string; role: Role }>`
      select u.id, u.role from ${t.sessions} s join ${t.users} u on u.id = s.user_id where ${ID} = ${id}::uuid`.execute(
      db,
    )
    return rows[0] ?? null
  },

  async endById(tx: Database, id: string): Promise<boolean> {
    const { numAffectedRows } = await sql`delete from ${t.sessions} s where ${ID} = ${id}::uuid`.execute(tx)
    return Number(numAffectedRows ?? 0) > 0
  },
})
