import { sql } from 'kysely'
import { applyLocally, type Database, isLockTimeout } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import type { Tables } from '../platform/tables.ts'
import type { Idempotency } from './idempotency.ts'

/** What a request with a key has made. */
export interface First {
  requestHash: string
  resourceId: string
}

export const inProgress = (cause?: unknown): YeyakError =>
  new YeyakError('idempotency-in-progress', { headers: { 'retry-after': '1' }, cause })

/** The keys of what is made by one route. */
export const createIdempotencyRepository = (t: Tables, route: string) => ({
  async find(db: Database, projectId: number, key: string): Promise<First | null> {
    const { rows } = await sql<First>`
      select encode(request_hash, 'hex') as "requestHash", resource_id as "resourceId" from ${t.idempotencyKeys}
      where project_id = ${projectId} and route = ${route} and key = ${key}`.execute(db)
    return rows[0] ?? null
  },

  /** False where another request has this key. Throws `idempotency-in-progress` where it has not committed after 2 s. */
  async claim(
    tx: Database,
    projectId: number,
    { key, hash }: Idempotency,
    resourceId: string,
  ): Promise<boolean> {
    await applyLocally(tx, { lock_timeout: '2s' })
    try {
      const { numAffectedRows } = await sql`
        insert into ${t.idempotencyKeys} (project_id, route, key, request_hash, resource_id)
        values (${projectId}, ${route}, ${key}, decode(${hash}, 'hex'), ${resourceId}) on conflict do nothing`.execute(
        tx,
      )
      return Number(numAffectedRows ?? 0) === 1
    } catch (error) {
      throw isLockTimeout(error) ? inProgress(error) : error
    }
  },

  /** By what was made alone: an admin may have made it from another project. */
  async forget(tx: Database, resourceId: string): Promise<void> {
    await sql`delete from ${t.idempotencyKeys} where route = ${route} and resource_id = ${resourceId}`.execute(
      tx,
    )
  },
})
