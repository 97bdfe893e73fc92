import type { FastifyRequest } from 'fastify'
import { tell } from '../events/index.ts'
import type { Caller } from '../http/index.ts'
import type { Database } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { isId } from '../platform/ids.ts'
import type { KeysetPage } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'
import { secretIn } from './cookie.ts'
import { createSessionRepository, type Session } from './repository-sessions.ts'
import { assertHas, assertMayChangeAll, forAll } from './rights.ts'
import { SCOPES_OF } from './roles.ts'
import { hashOf } from './secrets.ts'

export interface SignedInOptions {
  db: Database
  tables: Tables
  changed(): void
}

export type SignedIn = ReturnType<typeof createSignedIn>

/** Who has signed in, and where: for those who administer users. */
export const createSignedIn = ({ db, tables, changed }: SignedInOptions) => {
  const repository = createSessionRepository(tables)

  return {
    async list({ caller, headers }: FastifyRequest, page: KeysetPage): Promise<Session[]> {
      assertMayChangeAll(caller)
      const secret = caller.actor.kind === 'user' ? secretIn(headers.cookie) : null
      return repository.list(db, secret === null ? null : hashOf(secret), page)
    },

    /** Of whoever may do no more than the caller, as with all that is done to users. */
    async end(caller: Caller, id: string): Promise<void> {
      assertMayChangeAll(caller)
      await db.transaction().execute(async (tx) => {
        const user = isId(id) ? await repository.userOf(tx, id) : null
        if (user === null) throw new YeyakError('not-found')
        assertHas(caller, SCOPES_OF[user.role])
        if (!(await repository.endById(tx, id))) throw new YeyakError('not-found')
        await tell(tx, tables, forAll(caller), {
          type: 'session.ended',
          subjectId: user.id,
          data: { session: id },
        })
      })
      changed()
    },
  }
}
