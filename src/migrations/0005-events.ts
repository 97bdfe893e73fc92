import { type Kysely, sql } from 'kysely'

/** The events in the order in which they become visible. A sequence is taken in another order than transactions commit, so readers go by transaction first, and no further than the oldest one that is still open. */
export const events = (schema: string) => ({
  async up(db: Kysely<unknown>): Promise<void> {
    const run = (text: string) => sql.raw(text.replaceAll('SCHEMA.', `"${schema}".`)).execute(db)

    await run('alter table SCHEMA.events drop constraint events_pkey')
    await run('alter table SCHEMA.events add primary key (xid, id, at)')
    // Nine digits: an event is shown under one number, its transaction's followed by these. Beyond them it starts again.
    await run('alter sequence SCHEMA.events_id maxvalue 999999999 cycle')
    // What a person, a key or a command did, but for creates, which are asked for by their subject: a create pays for the
    // test of the predicate only.
    await run(`create index events_audit on SCHEMA.events (project_id, at)
      where actor is not null and type <> 'notification.created'`)
    // How far those have come that read all events in turn.
    await run(`create table SCHEMA.feeds (
      name text primary key,
      xid xid8 not null default '0',
      id bigint not null default 0
    )`)
  },
})
