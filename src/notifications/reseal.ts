import type { ChannelRegistry } from '../channels/index.ts'
import type { Database } from '../platform/database.ts'
import { type Encryption, EncryptionError, type Resealed, type SealedSource } from '../platform/encryption.ts'
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
      const done: Resealed = { after: null, found: 0, resealed: 0, missed: 0, unreadable: [] }
      for (const { id, channel, fields: before } of rows) {
        if (before === null) continue
        done.found += 1
        try {
          const written = resealed(id, channel, before)
          if (written === null) continue
          const isWritten = await writeSecretRow(o.db, o.tables, { id, before, after: written })
          done[isWritten ? 'resealed' : 'missed'] += 1
        } catch (error) {
          if (!(error instanceof EncryptionError)) throw error
          done.unreadable.push({ id, reason: error.message })
        }
      }
      return { ...done, after: rows.length < BATCH ? null : (rows.at(-1)?.id ?? null) }
    },
  }
}
