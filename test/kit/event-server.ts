import type { AddressInfo } from 'node:net'
import {
  auditRoutes,
  createAuditRepository,
  createEventRepository,
  eventRoutes,
  streamRoutes,
} from '../../src/events/index.ts'
import { ALL_SCOPES, type Authenticate, closeServer, createServer, isScope } from '../../src/http/index.ts'
import { createDatabase } from '../../src/platform/database.ts'
import { YeyakError } from '../../src/platform/errors.ts'
import { createTables } from '../../src/platform/tables.ts'
import { type Client, createClient } from './client.ts'
import { silentLog } from './config.ts'
import type { TestDatabase } from './database.ts'
import { startOwnPostgres } from './own-postgres.ts'

/** Instead of 15 s. */
const BEAT_MS = 200

export interface EventServer {
  database: TestDatabase
  url: string
  client: Client
  /** From now on this key is nobody's. */
  revoke(key: string): void
  /** That are open. */
  connections(): Promise<number>
  close(): Promise<void>
  end(): Promise<void>
}

/**
 * The routes of events alone, on a server of their own: a transaction that another test keeps open, in whatever database,
 * would hold the feed back. Who calls is told by the request itself: `x-project`, `x-scopes`
 * (all of them unless told) and `x-key`.
 */
export const startEventServer = async (): Promise<EventServer> => {
  const { postgres, database } = await startOwnPostgres()
  const revoked = new Set<string>()
  const db = createDatabase({
    connection: () => ({ connectionString: database.url }),
    applicationName: 'events',
    maxConnections: 10,
    onConnectionLost: () => {},
  })
  const authenticate: Authenticate = ({ headers }) => {
    const { 'x-project': project = '1', 'x-scopes': scopes, 'x-key': key = '' } = headers
    if (revoked.has(String(key))) throw new YeyakError('unauthenticated')
    const wanted = scopes === undefined ? ALL_SCOPES : String(scopes).split(',').filter(isScope)
    return {
      projectId: Number(project),
      actor: { kind: 'key', id: String(key) },
      name: null,
      scopes: new Set(wanted),
    }
  }
  const app = createServer({
    log: silentLog(),
    version: '0',
    dashboardDirectory: '/nowhere/',
    isOpen: () => false,
    authenticate,
    isReady: () => ({ ready: true }),
    checks: async () => ({ status: 'ready', checks: {} }),
  })
  const tables = createTables('yeyak')
  const repository = createEventRepository(tables)
  eventRoutes(app, { db, repository })
  streamRoutes(app, { db, tailDb: db, repository, authenticate, log: silentLog(), beatMs: BEAT_MS })
  auditRoutes(app, { db, audit: createAuditRepository(tables) })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  const close = () => closeServer(app, 5_000)
  return {
    database,
    url,
    client: createClient(url),
    revoke: (key) => revoked.add(key),
    connections: () => new Promise((resolve) => app.server.getConnections((_error, count) => resolve(count))),
    close,
    async end() {
      await close()
      await db.destroy()
      await postgres.stop()
    },
  }
}
