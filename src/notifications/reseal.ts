import type { ChannelRegistry } from '../channels/index.ts'
import type { Database } from '../platform/database.ts'
import { type Encryption, resealRows, type SealedSource } from '../platform/encryption.ts'
import type { Tables } from '../platform/tables.ts'
import { readSecretRows, writeSecretRow } from './repository-reseal.ts'
import { createSecretFields } from './secret-fields.ts'

const BATCH = 1000

/** Seals the secret fields of notifications with the first key, those that were stored as they are among them. */
export const createReseal = (o: {
  db: Database
  tables: Tables
  channels: ChannelRegistry
  encryption: Encryption
}): SealedSource => {
  const secrets = createSecretFields(o)
  return {
    name: 'notifications',
    async reseal(after) {
      const rows = await readSecretRows(o.db, o.tables, { fields: secrets.fields, after, limit: BATCH })
      const secret = rows.flatMap(({ id, channel, fields: before }) =>
        before === null ? [] : [{ id, channel, before }],
      )
      const done = await resealRows(secret, async ({ id, channel, before }) => {
        const written = secrets.sealAgain(channel, id, before)
        return written && writeSecretRow(o.db, o.tables, { id, before, after: written })
      })
      return { ...done, after: rows.length < BATCH ? null : (rows.at(-1)?.id ?? null) }
    },
  }
}
