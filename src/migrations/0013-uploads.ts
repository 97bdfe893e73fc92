import { type Kysely, sql } from 'kysely'

/** Files that came with a run, where every worker can reach them, until nobody needs them any more. */
export const uploads = (schema: string) => ({
  async up(db: Kysely<unknown>): Promise<void> {
    const run = (text: string) => sql.raw(text.replaceAll('SCHEMA.', `"${schema}".`)).execute(db)

    await run(`create table SCHEMA.uploads (
      run_id uuid not null,
      part integer not null,
      bytes bytea not null,
      primary key (run_id, part)
    )`)
    await run(`comment on table SCHEMA.uploads is
      'in parts, as the driver reads a value as hexadecimal text; without a foreign key, as runs are removed in batches'`)
    // Images are compressed already.
    await run('alter table SCHEMA.uploads alter column bytes set storage external')
  },
})
