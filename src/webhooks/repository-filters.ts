import { type RawBuilder, sql } from 'kysely'
import { lastAttemptOf, TROUBLE } from '../delivery/index.ts'
import { isId } from '../platform/ids.ts'
import type { Tables } from '../platform/tables.ts'

/** Each has an index; other states would be looked for in all that ever was delivered. */
export const FILTERED_STATES = ['retrying', 'failed'] as const

export interface DeliveryFilters {
  webhookId: string | undefined
  states: readonly (typeof FILTERED_STATES)[number][] | undefined
  types: readonly string[] | undefined
  createdFrom: Date | undefined
  createdTo: Date | undefined
  /** Of dead letters: the code of the last attempt's error, or the reason where there is none. */
  error: string | undefined
  /** Of dead letters. */
  provider: string | undefined
}

export const NO_DELIVERY_FILTERS: DeliveryFilters = {
  ...{ webhookId: undefined, states: undefined, types: undefined, createdFrom: undefined },
  ...{ createdTo: undefined, error: undefined, provider: undefined },
}

/** Of every delivery. */
export const PROVIDER = 'webhook'

/** The conditions that the filters are, on a row `d` or `n`; `error` as in `repository-dead.ts`. */
export const byFilters = (t: Tables, row: 'd' | 'n', f: DeliveryFilters): RawBuilder<unknown>[] => {
  const column = (name: string) => sql.ref(`${row}.${name}`)
  const isDead = sql`${column('trouble')} = ${sql.lit(TROUBLE.failed)}`
  const errorKey = sql`coalesce(${lastAttemptOf(t, row, sql`a.error ->> 'code'`)}, ${column('reason')}, 'unknown')`
  return [
    // What is no id names no endpoint.
    ...(f.webhookId === undefined
      ? []
      : [isId(f.webhookId) ? sql`${column('webhook_id')} = ${f.webhookId}::uuid` : sql`false`]),
    ...(f.states === undefined
      ? []
      : [sql`${column('trouble')} = any(${f.states.map((state) => TROUBLE[state])}::smallint[])`]),
    ...(f.types === undefined ? [] : [sql`${column('type')} = any(${f.types}::text[])`]),
    // Never due before it was made: an index leads there.
    ...(f.createdFrom === undefined
      ? []
      : [sql`${column('created_at')} >= ${f.createdFrom} and ${column('due_at')} >= ${f.createdFrom}`]),
    ...(f.createdTo === undefined ? [] : [sql`${column('created_at')} < ${f.createdTo}`]),
    ...(f.error === undefined ? [] : [isDead, sql`${errorKey} = ${f.error}`]),
    ...(f.provider === undefined ? [] : [f.provider === PROVIDER ? isDead : sql`false`]),
  ]
}
