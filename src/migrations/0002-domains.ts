import { type Kysely, sql } from 'kysely'

/**
 * The values of a column are checked by its type instead of by the table. A CHECK constraint is read from the catalogue
 * and compiled for each statement, a domain's once a session: six constraints cost every start, outcome and create
 * 35 µs, of 110 to 220 in all. What needs two columns stays a constraint, and is one.
 */
const DOMAINS: readonly { name: string; type: string; values: string; columns: readonly string[] }[] = [
  {
    name: 'notification_state',
    type: 'text',
    values: `'scheduled', 'sending', 'retrying', 'delivered', 'failed', 'canceled', 'expired'`,
    columns: ['notifications.state'],
  },
  {
    name: 'retry_backoff',
    type: 'text',
    values: `'fixed', 'exponential'`,
    columns: ['notifications.retry_backoff'],
  },
  { name: 'on_unknown', type: 'text', values: `'retry', 'stop'`, columns: ['notifications.on_unknown'] },
  { name: 'trouble', type: 'smallint', values: '1, 2', columns: ['notifications.trouble'] },
  {
    name: 'attempt_outcome',
    type: 'text',
    values: `'delivered', 'failed', 'rejected', 'unknown', 'interrupted'`,
    columns: ['attempts.outcome'],
  },
]

export const domains = (schema: string) => ({
  async up(db: Kysely<unknown>): Promise<void> {
    const run = (text: string) => sql.raw(text.replaceAll('SCHEMA.', `"${schema}".`)).execute(db)

    const { rows } = await sql<{ definition: string }>`
      select pg_get_viewdef(${`"${schema}".upcoming`}::regclass) as definition`.execute(db)
    await run('drop view SCHEMA.upcoming')
    await run(
      `alter table SCHEMA.notifications drop constraint notifications_check, drop constraint notifications_check1`,
    )
    for (const { name, type, values, columns } of DOMAINS) {
      await run(`create domain SCHEMA.${name} as ${type} check (value in (${values}))`)
      for (const path of columns) {
        const [table, column] = path.split('.')
        await run(`alter table SCHEMA.${table} drop constraint ${table}_${column}_check`)
        await run(`alter table SCHEMA.${table} alter column ${column} type SCHEMA.${name}`)
      }
    }
    await run(`alter table SCHEMA.notifications add constraint notifications_state_agrees check (
      (finished_at is not null) = (state in ('delivered', 'failed', 'canceled', 'expired'))
      and (attempt_job is not null) = (state = 'sending'))`)
    await run(`create view SCHEMA.upcoming (kind, id, due_at, state, title) as ${rows[0]?.definition ?? ''}`)
  },
})
