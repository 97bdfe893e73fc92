import { sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import { type KeysetPage, keysetByTime } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'
import type { Role } from './roles.ts'

export interface User {
  id: string
  email: string
  name: string
  role: Role
  /** Their names; null for all. */
  projects: string[] | null
  disabled: boolean
  createdAt: Date
  updatedAt: Date
  signedInAt: Date | null
}

export interface UserSettings {
  email: string
  name: string
  role: Role
  projectIds: number[] | null
  disabled: boolean
}

const MOST_ADMINS = 10_000

export const createUserRepository = (t: Tables) => {
  const columns = sql`u.id, u.email, u.name, u.role, u.disabled_at is not null as disabled,
    u.created_at as "createdAt", u.updated_at as "updatedAt", u.signed_in_at as "signedInAt",
    case when u.project_ids is not null then array(select p.name from ${t.projects} p
      where p.id = any(u.project_ids) and p.deleted_at is null order by p.id) end as projects`
  const ids = (projectIds: readonly number[] | null) => sql`${projectIds}::integer[]`

  return {
    async insert(tx: Database, id: string, o: UserSettings & { passwordHash: string }): Promise<User> {
      const { rows } = await sql<User>`
        insert into ${t.users} as u (id, email, name, password_hash, role, project_ids, disabled_at)
        values (${id}::uuid, ${o.email}, ${o.name}, ${o.passwordHash}, ${o.role}, ${ids(o.projectIds)},
          case when ${o.disabled} then clock_timestamp() end)
        returning ${columns}`.execute(tx)
      const [row] = rows
      if (row === undefined) throw new Error('the insert of a user was not answered')
      return row
    },

    async find(db: Database, id: string): Promise<User | null> {
      const { rows } = await sql<User>`select ${columns} from ${t.users} u where u.id = ${id}::uuid`.execute(
        db,
      )
      return rows[0] ?? null
    },

    async findByEmail(db: Database, email: string): Promise<User | null> {
      const { rows } = await sql<User>`select ${columns} from ${t.users} u
        where lower(u.email) = lower(${email})`.execute(db)
      return rows[0] ?? null
    },

    async list(db: Database, q: KeysetPage): Promise<User[]> {
      const { beyond, order } = keysetByTime(sql`u.created_at`, sql`u.id`, q)
      const { rows } = await sql<User>`select ${columns} from ${t.users} u
        ${beyond('where')}
        order by ${order} limit ${q.limit}`.execute(db)
      return rows
    },

    /** The ids of those who administer everything, under their locks: of two who demote each other one comes second. */
    async lockAdmins(tx: Database): Promise<string[]> {
      const { rows } = await sql<{ id: string }>`select id from ${t.users}
        where role = 'admin' and disabled_at is null and project_ids is null
        order by id limit ${MOST_ADMINS} for no key update`.execute(tx)
      return rows.map(({ id }) => id)
    },

    async findForUpdate(tx: Database, id: string): Promise<(User & Pick<UserSettings, 'projectIds'>) | null> {
      const { rows } = await sql<User & Pick<UserSettings, 'projectIds'>>`
        select ${columns}, u.project_ids as "projectIds" from ${t.users} u
        where u.id = ${id}::uuid for no key update`.execute(tx)
      return rows[0] ?? null
    },

    async update(tx: Database, id: string, to: UserSettings): Promise<User | null> {
      const { rows } =
        await sql<User>`update ${t.users} u set email = ${to.email}, name = ${to.name}, role = ${to.role},
        project_ids = ${ids(to.projectIds)},
        disabled_at = case when ${to.disabled} then coalesce(u.disabled_at, clock_timestamp()) end,
        updated_at = clock_timestamp() where u.id = ${id}::uuid returning ${columns}`.execute(tx)
      return rows[0] ?? null
    },

    async setPassword(tx: Database, id: string, passwordHash: string): Promise<void> {
      await sql`update ${t.users} set password_hash = ${passwordHash}, updated_at = clock_timestamp()
        where id = ${id}::uuid`.execute(tx)
    },

    /** With their sessions. */
    async remove(tx: Database, id: string): Promise<void> {
      await sql`delete from ${t.users} where id = ${id}::uuid`.execute(tx)
    },

    async endSessions(tx: Database, userId: string): Promise<void> {
      await sql`delete from ${t.sessions} where user_id = ${userId}::uuid`.execute(tx)
    },
  }
}
