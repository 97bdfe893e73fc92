import { sql } from 'kysely'
import type { Database } from '../../platform/database.ts'
import type { Tables } from '../../platform/tables.ts'

/** A part is read as a text of twice its size, in one go: this takes about a millisecond. */
const PART_BYTES = 512 * 1024
/** What did not succeed may be retried by hand, for so long. */
const KEPT_DAYS = 7

/** Inside the transaction that makes the run, or rewrites it: then in place of the file that it had. */
export const writeUpload = async (tx: Database, t: Tables, runId: string, bytes: Buffer): Promise<void> => {
  await sql`delete from ${t.uploads} where run_id = ${runId}`.execute(tx)
  for (let part = 0; part * PART_BYTES < bytes.length; part += 1) {
    const one = bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES)
    await sql`insert into ${t.uploads} (run_id, part, bytes) values (${runId}, ${part}, ${one})`.execute(tx)
  }
}

/** Null where it is not kept any more, or never was. */
export const readUpload = async (
  db: Database,
  t: Tables,
  runId: string,
  signal: AbortSignal,
): Promise<Buffer | null> => {
  const parts: Buffer[] = []
  for (;;) {
    signal.throwIfAborted()
    const { rows } = await sql<{ bytes: Buffer }>`
      select bytes from ${t.uploads} where run_id = ${runId} and part = ${parts.length}`.execute(db)
    const [row] = rows
    if (row === undefined) break
    parts.push(row.bytes)
    if (row.bytes.length < PART_BYTES) break
  }
  return parts.length === 0 ? null : Buffer.concat(parts)
}

/** Removes the files of at most `limit` runs that have succeeded, are long final, or are gone; returns of how many. */
export const removeUploads = async (db: Database, t: Tables, limit: number): Promise<number> => {
  const { rows } = await sql<{ n: number }>`
    with removed as (
      delete from ${t.uploads} where run_id = any(array(
        select u.run_id from ${t.uploads} u
        where u.part = 0 and not exists (
          select 1 from ${t.runs} r where r.id = u.run_id and (r.finished_at is null
            or (r.state <> 'delivered' and r.finished_at > clock_timestamp() - make_interval(days => ${KEPT_DAYS}))))
        limit ${limit}))
      returning run_id)
    select count(distinct run_id)::int as n from removed`.execute(db)
  return rows[0]?.n ?? 0
}
