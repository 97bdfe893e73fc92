import type { Migration } from 'kysely/migration'
import { initial } from './0001-initial.ts'
import { domains } from './0002-domains.ts'
import { contract } from './0003-contract.ts'

/** Every migration in order, for tables in `schema`. Append only: what has been released is never edited. */
export const migrations = (schema: string): Record<string, Migration> => ({
  '0001-initial': initial(schema),
  '0002-domains': domains(schema),
  '0003-contract': contract(schema),
})
