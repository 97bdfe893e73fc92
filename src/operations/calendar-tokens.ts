import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { By } from '../platform/actor.ts'
import { createOnce, type Idempotency, isScope, type Scope } from '../http/index.ts'
import type { Database } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { isId, newId } from '../platform/ids.ts'
import type { KeysetPage } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'
import { createCalendarRepository } from './repository-calendar.ts'

const PREFIX = 'yc_'
const TOKEN_BYTES = 32

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()

export type CalendarTokens = ReturnType<typeof createCalendarTokens>

/** Tokens that open the calendar of a project to a calendar program, and nothing else. Only their hashes are kept. */
export const createCalendarTokens = ({ db, tables }: { db: Database; tables: Tables }) => {
  const repository = createCalendarRepository(tables)
  const once = createOnce({ db, tables, route: '/v1/calendar/tokens' })
  return {
    /** Without the token itself where an earlier request with this key made it. `expiresAt` is asked for what is new. */
    create: (
      by: By,
      o: { name: string; scopes: readonly Scope[]; expiresAt(): Promise<Date | null> },
      idempotency: Idempotency | null,
    ) =>
      once.make(
        {
          ...{ projectId: by.projectId, idempotency },
          find: (id) => repository.find(db, by.projectId, id),
        },
        async (commit) => {
          const token = `${PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`
          const { name, scopes } = o
          const row = { id: newId(), name, scopes, hash: hashOf(token), expiresAt: await o.expiresAt() }
          const created = await commit(row.id, (tx) => repository.create(tx, by, row))
          if (created === null) throw new Error('the new token of a calendar was not answered')
          return { ...created, token }
        },
      ),

    list: (projectId: number, page: KeysetPage) => repository.list(db, projectId, page),

    async remove(by: By, id: string): Promise<void> {
      if (!isId(id)) throw new YeyakError('not-found')
      await db.transaction().execute(async (tx) => {
        if (!(await repository.remove(tx, by, id))) throw new YeyakError('not-found')
        await once.forget(tx, id)
      })
    },

    /** Throws `not-found` for a token that is not known, has expired, or whose project is gone. */
    async open(token: string): Promise<{ projectId: number; project: string; scopes: ReadonlySet<Scope> }> {
      const hash = hashOf(token)
      const found = await repository.open(db, hash)
      if (found === null || !timingSafeEqual(found.hash, hash)) throw new YeyakError('not-found')
      const { projectId, project } = found
      return { projectId, project, scopes: new Set(found.scopes.filter(isScope)) }
    },
  }
}
