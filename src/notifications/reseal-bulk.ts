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
  return {
    name: 'operation_items',
    async reseal(after) {
      const rows = await readKeptSecrets(o.db, o.tables, { fields: secrets.fields, after, limit: BATCH })
      const kept = await resealRows(rows, async ({ subjectId, operationId, channel, fields: before }) => {
        const written = secrets.sealAgain(channel, subjectId, before)
        return written && writeKeptSecrets(o.db, o.tables, { operationId, subjectId, before, after: written })
      })
      // They are few: along with the first batch.
      const running = after === null ? await readPatches(o.db, o.tables) : []
      const patches = await resealRows(running, async ({ id, patch }) => {
        const written = secrets.sealPatchAgain(patch)
        return written && writePatch(o.db, o.tables, id, patch, written)
      })
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
