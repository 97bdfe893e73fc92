import { sql } from 'kysely'
import { type Database, inTransaction } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'

export interface CatalogColumn {
  name: string
  /** Qualified and quoted, without a length: a cast to `varchar(5)` would cut a longer id, and find another row. */
  type: string
  /** As PostgreSQL calls it without a schema, for what can be told by name: `timestamptz`, `timestamp`, `int8`. */
  kind: string
  nullable: boolean
  /** Of an enum; empty for other types. */
  labels: string[]
}

export interface CatalogTable {
  schema: string
  name: string
  columns: CatalogColumn[]
}

const LIMIT = 2_000

/** What the application's tables look like. Asked once a model. */
export const createCatalog = (t: Tables) => ({
  /** `name`: alone, as the search path finds it, or after its schema and a dot. */
  async find(db: Database, name: string): Promise<CatalogTable | null> {
    const { rows } = await sql<CatalogTable>`
      select n.nspname as schema, c.relname as name, (
        select coalesce(json_agg(json_build_object('name', a.attname,
            'type', quote_ident(tn.nspname) || '.' || quote_ident(ty.typname), 'kind', ty.typname,
            'nullable', not a.attnotnull,
            'labels', array(select e.enumlabel::text from pg_enum e where e.enumtypid = ty.oid order by e.enumsortorder limit ${LIMIT}))
          order by a.attnum), '[]')
        from pg_attribute a join pg_type ty on ty.oid = a.atttypid join pg_namespace tn on tn.oid = ty.typnamespace
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and (n.nspname || '.' || c.relname = ${name} or (c.relname = ${name} and pg_table_is_visible(c.oid)))
      order by c.relname = ${name} desc limit 1`.execute(db)
    return rows[0] ?? null
  },

  /** For suggestions. */
  async names(db: Database): Promise<string[]> {
    const { rows } = await sql<{ name: string }>`
      select case when pg_table_is_visible(c.oid) then c.relname else n.nspname || '.' || c.relname end as name
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema', ${t.schema}, ${`${t.schema}_queue`})
      order by 1 limit ${LIMIT}`.execute(db)
    return rows.map(({ name }) => name)
  },

  /** Of a model with `cancelOnDelete`. There is nothing to do where it is there. */
  async installTrigger(
    db: Database,
    table: Pick<CatalogTable, 'schema' | 'name'>,
    o: { project: string; model: string; id: string },
  ): Promise<void> {
    const { rows: projects } = await sql<{ id: number }>`
      select id from ${t.projects} where name = ${o.project} and deleted_at is null`.execute(db)
    const [found] = projects
    if (found === undefined) return
    const projectId = String(found.id)
    const trigger = `${t.schema}_${projectId}_${o.model}`
    const on = sql.id(table.schema, table.name)
    const { rows } = await sql`
      select 1 from pg_trigger g join pg_class c on c.oid = g.tgrelid join pg_namespace n on n.oid = c.relnamespace
      where g.tgname = ${trigger} and c.relname = ${table.name} and n.nspname = ${table.schema}
        and encode(g.tgargs, 'escape') = ${[projectId, o.model, o.id].map((text) => `${text}\\000`).join('')}`.execute(
      db,
    )
    if (rows.length > 0) return
    // By itself it would wait for everybody who writes to the table, and everybody else behind it.
    await inTransaction(db, { lock_timeout: '5s' }, async (tx) => {
      await sql`drop trigger if exists ${sql.id(trigger)} on ${on}`.execute(tx)
      await sql`create trigger ${sql.id(trigger)} after delete on ${on} for each row
        execute function ${sql.id(t.schema, 'row_deleted')}(${sql.lit(projectId)}, ${sql.lit(o.model)}, ${sql.lit(o.id)})`.execute(
        tx,
      )
    })
  },
})

export type Catalog = ReturnType<typeof createCatalog>
