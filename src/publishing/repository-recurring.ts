import { sql } from 'kysely'
import type { ItemState } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Content } from './content-row.ts'
import { contentColumns } from './repository-content.ts'
import type { Identity } from './types.ts'

/** An item of some project, and an instant at which something is to be done to it. */
export interface Place extends Identity {
  projectId: number
  dueAt: Date
}

const asRows = (places: readonly Place[]) => sql`
  unnest(${places.map((p) => p.projectId)}::int[], ${places.map((p) => p.type)}::text[],
    ${places.map((p) => p.id)}::text[], ${places.map((p) => p.locale)}::text[],
    ${places.map((p) => p.dueAt)}::timestamptz[]) with ordinality w(project_id, type, id, locale, due_at, n)`

export const createRecurringRepository = (t: Tables) => ({
  /** Locks these items. With `skipLocked` those that somebody else holds are left out. */
  async lockItems(tx: Database, places: readonly Place[], skipLocked: boolean): Promise<Content[]> {
    const { rows } = await sql<Content>`
      select ${contentColumns('c')} from ${t.content} c
      where c.key = any(array(
        select f.key from ${asRows(places)} cross join lateral (select c.key from ${t.content} c
          where c.project_id = w.project_id and c.type = w.type and c.id = w.id and c.locale = w.locale) f))
      order by c.key for no key update ${skipLocked ? sql`skip locked` : sql``}`.execute(tx)
    return rows
  },

  /** Which of these items are there at all, and at which of these instants something is pending for one already; by place in the list. */
  async standing(
    tx: Database,
    places: readonly Place[],
  ): Promise<{ isThere: boolean; isPending: boolean }[]> {
    const { rows } = await sql<{ isThere: boolean; isPending: boolean }>`
      select exists (select 1 from ${t.content} c where c.project_id = w.project_id and c.type = w.type and c.id = w.id
          and c.locale = w.locale) as "isThere",
        exists (select 1 from ${t.publications} p where p.project_id = w.project_id and p.type = w.type
          and p.resource_id = w.id and p.locale = w.locale and p.due_at = w.due_at::timestamptz(3)
          and p.finished_at is null and p.release_id is null) as "isPending"
      from ${asRows(places)}
      order by w.n`.execute(tx)
    return rows
  },

  async states(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, ItemState>> {
    const { rows } = await sql<ItemState & { id: string }>`
      select id, state, finished_at is not null as "isFinal" from ${t.publications}
      where id = any(${ids}::uuid[])`.execute(db)
    return new Map(rows.map(({ id, ...state }) => [id, state]))
  },
})
