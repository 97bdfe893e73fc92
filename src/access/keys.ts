import { type Caller, type Commit, type Idempotency, isScope, type Once } from '../http/index.ts'
import type { Database } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { isId, newId } from '../platform/ids.ts'
import type { KeysetPage } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'
import { differences, tell } from '../events/index.ts'
import { createKeyRepository, type Key, type KeySettings } from './repository-keys.ts'
import { createProjectRepository } from './repository-projects.ts'
import { assertHas, assertMayChangeAll } from './rights.ts'
import { makeKey } from './secrets.ts'
import type { Time } from './time.ts'

export interface NewKeyBody {
  name: string
  scopes: string[]
  expiresAt?: unknown
  requestsPerMinute?: number
  /** The caller's own where left out. */
  project?: string
}

export interface KeyPatch {
  name?: string
  scopes?: string[]
  expiresAt?: unknown
  requestsPerMinute?: number | null
}

export interface KeysOptions {
  db: Database
  tables: Tables
  once: Once
  time: Time
  /** Something was changed that this process may have in its memory. */
  changed(): void
}

export type Keys = ReturnType<typeof createKeys>

/** A row with its secret, which is shown this once. */
export type ShownKey = Key & { key: string }

const settingsOf = ({ name, scopes, requestsPerMinute, expiresAt }: Key): KeySettings => ({
  ...{ name, scopes, requestsPerMinute, expiresAt },
})

export const createKeys = (o: KeysOptions) => {
  const { db, tables, once } = o
  const repository = createKeyRepository(tables)
  const projects = createProjectRepository(tables)

  const projectOf = async (caller: Caller, name: string | undefined): Promise<number> => {
    if (name === undefined) return caller.projectId
    const [found] = await projects.named(db, [name])
    if (found?.id === caller.projectId) return found.id
    assertMayChangeAll(caller)
    if (found === undefined) throw new YeyakError('invalid-request', { errors: [UNKNOWN_PROJECT] })
    return found.id
  }

  const resolve = async (given: unknown): Promise<Date | null> =>
    given === undefined || given === null ? null : o.time.resolve(given, 'expiresAt')

  /** Changes a key under its lock, and tells of it. */
  const change = async <Result>(
    caller: Caller,
    id: string,
    work: (tx: Database, key: Key) => Promise<Result>,
  ): Promise<Result> => {
    if (!isId(id)) throw new YeyakError('not-found')
    const result = await db.transaction().execute(async (tx) => {
      const key = await repository.findForUpdate(tx, caller.projectId, id)
      if (key === null) throw new YeyakError('not-found')
      return work(tx, key)
    })
    o.changed()
    return result
  }

  const issue = async (
    caller: Caller,
    projectId: number,
    body: NewKeyBody,
    commit: Commit,
  ): Promise<ShownKey> => {
    const scopes = [...new Set(body.scopes)].filter(isScope)
    assertHas(caller, scopes)
    const settings = {
      ...{ name: body.name, scopes, requestsPerMinute: body.requestsPerMinute ?? null },
      expiresAt: await resolve(body.expiresAt),
    }
    const { key, ...secret } = makeKey()
    const id = newId()
    const made = await commit(id, async (tx) => {
      const row = await repository.insert(tx, {
        ...{ id, projectId, createdBy: caller.actor },
        ...settings,
        ...secret,
      })
      if (row === null) throw new YeyakError('not-found')
      const data = { before: null, after: { ...settings, hint: secret.hint } }
      const by = { projectId, actor: caller.actor }
      await tell(tx, tables, by, { type: 'key.created', subjectId: id, data })
      return row
    })
    return { ...made, key }
  }

  return {
    /** Without its secret where an earlier request with this key made it. */
    async create(
      caller: Caller,
      body: NewKeyBody,
      idempotency: Idempotency | null,
    ): Promise<{ made: ShownKey; replayed: false } | { made: Key; replayed: true }> {
      const projectId = await projectOf(caller, body.project)
      const asked = {
        ...{ projectId: caller.projectId, idempotency },
        find: (id: string) => repository.find(db, projectId, id),
      }
      const result = await once.make(asked, (commit) => issue(caller, projectId, body, commit))
      if (!result.replayed) o.changed()
      return result
    },

    async find(caller: Caller, id: string): Promise<Key> {
      const found = isId(id) ? await repository.find(db, caller.projectId, id) : null
      if (found === null) throw new YeyakError('not-found')
      return found
    },

    list: (caller: Caller, query: KeysetPage): Promise<Key[]> => repository.list(db, caller.projectId, query),

    async patch(caller: Caller, id: string, patch: KeyPatch): Promise<Key> {
      const expiresAt = 'expiresAt' in patch ? { expiresAt: await resolve(patch.expiresAt) } : {}
      return change(caller, id, async (tx, key) => {
        const scopes = [...new Set(patch.scopes ?? key.scopes)]
        assertHas(
          caller,
          scopes.filter(isScope).filter((scope) => !key.scopes.includes(scope)),
        )
        const before = settingsOf(key)
        const after = {
          ...before,
          ...(patch.name !== undefined && { name: patch.name }),
          ...('requestsPerMinute' in patch && { requestsPerMinute: patch.requestsPerMinute ?? null }),
          ...expiresAt,
          scopes,
        }
        const data = differences(before, after)
        if (data === null) return key
        const row = await repository.update(tx, id, after)
        await tell(tx, tables, caller, { type: 'key.updated', subjectId: id, data: { ...data } })
        return row ?? key
      })
    },

    /** A new secret; the old one is good for `overlapSeconds` more. Whoever gets it must have all that it may. */
    async rotate(caller: Caller, id: string, overlapSeconds: number): Promise<ShownKey> {
      const { key: text, ...secret } = makeKey()
      return change(caller, id, async (tx, key) => {
        assertHas(caller, key.scopes.filter(isScope))
        const row = await repository.rotate(tx, id, secret, overlapSeconds)
        const data = { before: { hint: key.hint }, after: { hint: secret.hint, overlapSeconds } }
        await tell(tx, tables, caller, { type: 'key.rotated', subjectId: id, data })
        return { ...(row ?? key), key: text }
      })
    },

    async revoke(caller: Caller, id: string): Promise<void> {
      await change(caller, id, async (tx, key) => {
        await repository.revoke(tx, id)
        await once.forget(tx, id)
        const data = { before: { ...settingsOf(key), hint: key.hint }, after: null }
        await tell(tx, tables, caller, { type: 'key.revoked', subjectId: id, data })
      })
    },
  }
}

const UNKNOWN_PROJECT = {
  path: 'project',
  message: { en: 'there is no such project', ko: '그런 프로젝트가 없습니다.' },
}
