import type { Database } from '../platform/database.ts'
import { type Encryption, resealRows, type SealedSource } from '../platform/encryption.ts'
import type { Tables } from '../platform/tables.ts'
import { readSecrets, type SecretRow, writeSecrets } from './repository-reseal.ts'
import { sealContext } from './secret.ts'

const BATCH = 1000

/** Seals the secrets of endpoints with the first key. */
export const createReseal = (o: { db: Database; tables: Tables; encryption: Encryption }): SealedSource => {
  const { encryption } = o

  /** Null where all of it is sealed with the first key already. */
  const resealed = (row: SecretRow): Omit<SecretRow, 'id'> | null => {
    const sealed = [row.secret, row.previousSecret].filter((text) => text !== null)
    if (!sealed.some((text) => encryption.needsRotation(text))) return null
    const again = (text: string) => {
      const context = sealContext(row.id)
      return encryption.seal(encryption.open(text, context), context)
    }
    return {
      secret: again(row.secret),
      previousSecret: row.previousSecret === null ? null : again(row.previousSecret),
    }
  }

  return {
    name: 'webhooks',
    async reseal(after) {
      const rows = await readSecrets(o.db, o.tables, after, BATCH)
      const done = await resealRows(rows, async (before) => {
        const written = resealed(before)
        return written && writeSecrets(o.db, o.tables, before, written)
      })
      return { ...done, after: rows.length < BATCH ? null : (rows.at(-1)?.id ?? null) }
    },
  }
}
