import { type Kysely, sql } from 'kysely'

/**
 * What was given as the wall clock of a zone stands beside the instant that it came to, so that it can be resolved again
 * when the rules of zones change. The indexes hold nothing else, and none of their columns is written by a start or an
 * outcome: notifications stay HOT.
 */
export const wallClock = (schema: string) => ({
  async up(db: Kysely<unknown>): Promise<void> {
    const run = (text: string) => sql.raw(text.replaceAll('SCHEMA.', `"${schema}".`)).execute(db)

    await run('alter table SCHEMA.notifications add column expires_given jsonb')
    await run(
      `comment on column SCHEMA.notifications.expires_given is 'the expiry as it was given, where that was no instant'`,
    )
    await run(`create index notifications_wall_clock on SCHEMA.notifications (due_at, id)
      where send_at ? 'timeZone' or expires_given ? 'timeZone'`)
    await run(`create index publications_wall_clock on SCHEMA.publications (due_at, id)
      where finished_at is null and release_id is null and given ? 'timeZone'`)
    await run(`create index releases_wall_clock on SCHEMA.releases (due_at, id)
      where state = 'scheduled' and publish_at ? 'timeZone'`)
    await run(
      `create index releases_failed on SCHEMA.releases (project_id, finished_at) where state = 'failed'`,
    )

    await run(`create table SCHEMA.zone_data (
      id integer primary key default 1 check (id = 1),
      version text not null,
      passed_at timestamptz(3) not null default clock_timestamp()
    )`)
    await run(
      `comment on table SCHEMA.zone_data is 'the zone data by which everything pending was last resolved as a whole'`,
    )
  },
})
