import type { ChannelRegistry } from '../channels/index.ts'
import type { Database } from '../platform/database.ts'
import { type Encryption, resealRows, type SealedSource } from '../platform/encryption.ts'
import type { Tables } from '../platform/tables.ts'
import { readKeptSecrets, readPatches, writeKeptSecrets, writePatch } from './repository-reseal-bulk.ts'
import { createSecretFields } from './secret-fields.ts'

const BATCH = 1000

/**
 * Seals with the first key what bulk retries that edit keep: contents as they were before, for their undo, and the edits of
 * those that still run.
 */
export const createBulkReseal = (o: {
  db: Database
  tables: Tables
  channels: ChannelRegistry
  encryption: Encryption
}): SealedSource => {
  const secrets = createSecretFields(o)
  const channelOf = (name: string) => o.channels.get(name)
  const fields = [...new Set(o.channels.names.flatMap((name) => channelOf(name)?.secretFields ?? []))]

  /** Null where it is sealed with the first key already. */
  const contentAgain = (id: string, name: string, stored: Record<string, unknown>): object | null => {
    const channel = channelOf(name)
    if (channel === undefined || !secrets.needsSealing(channel, stored)) return null
    return secrets.seal(channel, id, secrets.open(channel, id, stored).content)
  }

  const ofOperations = async () => {
    const rows = await readPatches(o.db, o.tables)
    return resealRows(rows, async ({ id, patch }) => {
      if (!secrets.needsPatchSealing(patch)) return null
      return writePatch(o.db, o.tables, id, patch, secrets.sealPatch(secrets.openPatch(patch)))
    })
  }

  return {
    name: 'operation_items',
    async reseal(after) {
      const rows = await readKeptSecrets(o.db, o.tables, { fields, after, limit: BATCH })
      const kept = await resealRows(rows, async ({ subjectId, operationId, channel, fields: before }) => {
        const written = contentAgain(subjectId, channel, before)
        return written && writeKeptSecrets(o.db, o.tables, { operationId, subjectId, before, after: written })
      })
      // They are few: along with the first batch.
      const patches = after === null ? await ofOperations() : await resealRows([], async () => null)
      return {
        found: kept.found + patches.found,
        resealed: kept.resealed + patches.resealed,
        missed: kept.missed + patches.missed,
        unreadable: [...patches.unreadable, ...kept.unreadable],
        after: rows.length < BATCH ? null : (rows.at(-1)?.id ?? null),
      }
    },
  }
}
