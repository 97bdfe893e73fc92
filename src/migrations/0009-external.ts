import { type Kysely, sql } from 'kysely'

/** Publications of rows in tables of the user's own, written inside his transactions. */
export const external = (schema: string) => ({
  async up(db: Kysely<unknown>): Promise<void> {
    const run = (text: string) => sql.raw(text.replaceAll('SCHEMA.', `"${schema}".`)).execute(db)

    // A statement sees what was committed before it began, not before it had the lock: in one statement with the lock, of two
    // who schedule one row at once the second would not see what the first has planted. Inside a function each has its own view.
    await run(`create function SCHEMA.in_turn(first text, second text, given jsonb) returns jsonb
      language plpgsql volatile as $in_turn$
      declare
        found jsonb;
        answer jsonb;
      begin
        execute first into found using given;
        if found is null then return null; end if;
        execute second into answer using given || jsonb_build_object('row', found);
        return answer;
      end $in_turn$`)
    await run(
      `comment on function SCHEMA.in_turn is 'locks, then changes, in one round trip: two statements with the rights of the caller'`,
    )

    // Whoever deletes a row need not know these tables, hence their owner's rights.
    await run(`create function SCHEMA.row_deleted() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $row_deleted$
      declare
        gone text;
      begin
        execute format('select ($1).%I::text', TG_ARGV[2]) into gone using old;
        with closed as (
          update SCHEMA.publications set state = 'canceled', reason = 'deleted', generation = generation + 1,
            finished_at = clock_timestamp(), updated_at = clock_timestamp()
          where project_id = TG_ARGV[0]::integer and type = TG_ARGV[1] and resource_id = gone and external
            and finished_at is null
          returning id, project_id, type, resource_id, locale, action, due_at),
        removed as (
          delete from SCHEMA.timers where ctid = any(array(
            select ctid from SCHEMA.timers where subject_id = any(array(select id from closed)) for update skip locked)))
        insert into SCHEMA.events (project_id, kind, subject_id, type, actor, data)
        select project_id, 'content', type || ':' || resource_id || case locale when '' then '' else ':' || locale end,
          'content.unscheduled', null, jsonb_build_object('reason', 'deleted', 'type', type, 'id', resource_id,
            'locale', locale, 'publicationId', id, 'action', action, 'scheduledFor', due_at)
        from closed;
        return null;
      end $row_deleted$`)
    await run('revoke execute on function SCHEMA.row_deleted() from public')
  },
})
