import type { Startable } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import { resealRows, type SealedSource } from '../platform/encryption.ts'
import type { Tables } from '../platform/tables.ts'
import { targetOf } from './definition.ts'
import { createLookRepository } from './repository-look.ts'

const BATCH = 200

/** Seals what is secret in schedules with the first key, what was stored as it is included. */
export const createReseal = (o: {
  db: Database
  tables: Tables
  kinds: ReadonlyMap<string, Startable>
}): SealedSource => {
  const repository = createLookRepository(o.tables)
  return {
    name: 'schedules',
    async reseal(after) {
      const rows = await repository.all(o.db, after, BATCH)
      const secret = rows.flatMap(({ id, definition }) => {
        const found = targetOf(definition, [...o.kinds.keys()])
        const kind = found === null ? undefined : o.kinds.get(found.kind)
        return found !== null && kind?.needsSealing(found.target) === true
          ? [{ id, definition, kind, target: found.target }]
          : []
      })
      const done = await resealRows(secret, ({ id, definition, kind, target }) =>
        repository.reseal(o.db, id, definition, {
          ...definition,
          [kind.kind]: kind.seal(id, kind.open(id, target), {}),
        }),
      )
      return { ...done, after: rows.length < BATCH ? null : (rows.at(-1)?.id ?? null) }
    },
  }
}
