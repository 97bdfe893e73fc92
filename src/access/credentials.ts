import { isScope, type Scope } from '../http/index.ts'
import type { Database } from '../platform/database.ts'
import { createMemory } from './memory.ts'
import type { CredentialRepository, KeyRow, SessionRow } from './repository-credentials.ts'

/** Of each kind, in one process. */
const LIMIT = 10_000

/** A key as it is known for a second. */
export interface KnownKey {
  id: string
  projectId: number
  name: string
  scopes: ReadonlySet<Scope>
  requestsPerMinute: number | null
  /** On the monotonic clock; never after the database's. */
  endsMs: number
}

export interface KnownSession extends Omit<SessionRow, 'expiresInMs' | 'hash'> {
  endsMs: number
}

const keyOf = (row: KeyRow, inMs: number | null, askedMs: number): KnownKey => ({
  id: row.id,
  projectId: row.projectId,
  name: row.name,
  scopes: new Set(row.scopes.filter(isScope)),
  requestsPerMinute: row.requestsPerMinute,
  endsMs: askedMs + Math.min(row.expiresInMs ?? Infinity, inMs ?? Infinity),
})

export type Credentials = ReturnType<typeof createCredentials>

/** Keys and sessions by the hash of their secret, and whether there are any; each for at most a second. */
export const createCredentials = (o: { db: Database; repository: CredentialRepository }) => {
  const readKeys = async (hashes: readonly string[]): Promise<Map<string, KnownKey>> => {
    const askedMs = performance.now()
    const found = new Map<string, KnownKey>()
    for (const row of await o.repository.keys(o.db, hashes)) {
      found.set(row.hash, keyOf(row, null, askedMs))
      if (row.previousHash !== null) found.set(row.previousHash, keyOf(row, row.previousInMs ?? 0, askedMs))
    }
    return found
  }

  const readSessions = async (hashes: readonly string[]): Promise<Map<string, KnownSession>> => {
    const askedMs = performance.now()
    const rows = await o.repository.sessions(o.db, hashes)
    return new Map(
      rows.map(({ hash, expiresInMs, ...row }) => [hash, { ...row, endsMs: askedMs + expiresInMs }]),
    )
  }

  const keys = createMemory({ read: readKeys, limit: LIMIT })
  const sessions = createMemory({ read: readSessions, limit: LIMIT })
  const configured = createMemory({
    read: async (names) => {
      const is = await o.repository.isConfigured(o.db)
      return new Map(names.map((name) => [name, is]))
    },
    limit: 1,
  })

  return {
    keys,
    sessions,
    configured,
    /** A key, a user or a project was changed by this process. */
    forget(): void {
      keys.forget()
      sessions.forget()
      configured.forget()
    },
  }
}
