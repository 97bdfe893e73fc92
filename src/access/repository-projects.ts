import { sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import { type KeysetPage, keysetByTime } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'

export interface Project {
  id: number
  name: string
  createdAt: Date
}

export interface ProjectQuery extends KeysetPage {
  /** The only one that is shown; null for all. */
  only: number | null
}

export const createProjectRepository = (t: Tables) => {
  const columns = sql`id, name, created_at as "createdAt"`
  const sequence = `"${t.schema}".projects_id`
  return {
    async nextId(db: Database): Promise<number> {
      const { rows } = await sql<{ id: number }>`
        select nextval(${sequence}::regclass)::integer as id`.execute(db)
      const [row] = rows
      if (row === undefined) throw new Error('the number of a project was not answered')
      return row.id
    },

    async insert(tx: Database, id: number, name: string): Promise<Project> {
      const { rows } =
        await sql<Project>`insert into ${t.projects} (id, name) values (${id}::integer, ${name})
        returning ${columns}`.execute(tx)
      const [row] = rows
      if (row === undefined) throw new Error('the insert of a project was not answered')
      return row
    },

    async find(db: Database, id: number): Promise<Project | null> {
      const { rows } = await sql<Project>`select ${columns} from ${t.projects}
        where id = ${id}::integer and deleted_at is null`.execute(db)
      return rows[0] ?? null
    },

    async findForUpdate(tx: Database, id: number): Promise<Project | null> {
      const { rows } = await sql<Project>`select ${columns} from ${t.projects}
        where id = ${id}::integer and deleted_at is null for no key update`.execute(tx)
      return rows[0] ?? null
    },

    async named(db: Database, names: readonly string[]): Promise<Project[]> {
      const { rows } = await sql<Project>`select ${columns} from ${t.projects}
        where name = any(${names}::text[]) and deleted_at is null order by id limit ${names.length}`.execute(
        db,
      )
      return rows
    },

    async list(db: Database, q: ProjectQuery): Promise<Project[]> {
      const { beyond, order } = keysetByTime(sql`created_at`, sql`id`, q, 'integer')
      const { rows } = await sql<Project>`select ${columns} from ${t.projects}
        where deleted_at is null and id = coalesce(${q.only}::integer, id)
          ${beyond('and')}
        order by ${order} limit ${q.limit}`.execute(db)
      return rows
    },

    async rename(tx: Database, id: number, name: string): Promise<void> {
      await sql`update ${t.projects} set name = ${name} where id = ${id}::integer`.execute(tx)
    },

    /** Its name is free again; what is in it stays, and nobody can reach it. */
    async remove(tx: Database, id: number): Promise<void> {
      await sql`update ${t.projects} set deleted_at = clock_timestamp(), name = name || '~' || id
        where id = ${id}::integer`.execute(tx)
    },
  }
}
