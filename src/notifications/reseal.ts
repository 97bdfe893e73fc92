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
  const channelOf = (name: string) => o.channels.get(name)
  const fields = [...new Set(o.channels.names.flatMap((name) => channelOf(name)?.secretFields ?? []))]

  /** Null where it is sealed with the first key already. */
  const resealed = (id: string, name: string, stored: Record<string, unknown>): object | null => {
    const channel = channelOf(name)
    if (channel === undefined || !secrets.needsSealing(channel, stored)) return null
    return secrets.seal(channel, id, secrets.open(channel, id, stored).content)
  }

  return {
    name: 'notifications',
    async reseal(after) {
      const rows = await readSecretRows(o.db, o.tables, { fields, after, limit: BATCH })
      const secret = rows.flatMap(({ id, channel, fields: before }) =>
        before === null ? [] : [{ id, channel, before }],
      )
      const done = await resealRows(secret, async ({ id, channel, before }) => {
        const written = resealed(id, channel, before)
        return written && writeSecretRow(o.db, o.tables, { id, before, after: written })
      })
      return { ...done, after: rows.length < BATCH ? null : (rows.at(-1)?.id ?? null) }
    },
  }
}
