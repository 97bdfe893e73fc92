import { type Kysely, sql } from 'kysely'

/** A bulk retry may edit what it tries again, and some of it may not bear the edit: how much, and why the first of it. */
export const editAndRetry = (schema: string) => ({
  async up(db: Kysely<unknown>): Promise<void> {
    const run = (text: string) => sql.raw(text.replaceAll('SCHEMA.', `"${schema}".`)).execute(db)

    await run(`alter table SCHEMA.operations
      add column refused bigint not null default 0,
      add column refusal jsonb`)
    await run(`comment on column SCHEMA.operations.refusal is 'id and error of the first that was refused'`)
  },
})
