import { type Config as Settings, embeddedConfig } from '../config.ts'
import type { By } from '../platform/actor.ts'
import { borrowDatabase } from '../platform/borrowed-database.ts'
import type { ConnectionConfig, Database } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import type { Open } from '../publishing/index.ts'
import { type Client, clientOf } from './clients.ts'
import { APPLICATION, type Core, createCore } from './core.ts'
import { checkNames, type Options } from './options.ts'
import { createOwnPool } from './repository-client.ts'
import { findProject, fingerprint } from './repository.ts'
import { asNotMigrated, inside } from './transaction.ts'

export interface Opened {
  settings: Settings
  connection: ConnectionConfig
  core: Core
}

const missing = (path: string, en: string, ko: string): YeyakError =>
  new YeyakError('invalid-request', { errors: [{ path, message: { en, ko } }] })

/** What is opened at the first call, and the transactions that calls are made in. */
export const createOpening = (options: Options) => {
  let opened: Opened | null = null
  let project: Promise<number> | null = null
  let sameDatabase: Promise<string> | null = null
  let isSame = false
  let isClosed = false
  let own: { pool: ReturnType<typeof createOwnPool>; client: Client } | null = null

  const open = (): Opened => {
    if (isClosed) throw new YeyakError('unavailable', { members: { reason: 'draining' } })
    if (opened !== null) return opened
    const settings = embeddedConfig({ connection: options.connection, schema: options.schema })
    if (settings.database.kind === 'embedded')
      throw missing(
        'database',
        'is missing: give a URL, or set DATABASE_URL or DB_HOST to DB_NAME',
        'database가 없습니다. URL을 주거나 DATABASE_URL 또는 DB_HOST~DB_NAME을 설정해야 합니다.',
      )
    const { connection } = settings.database
    const { log, models, content, tasks, project: name } = options
    opened = {
      ...{ settings, connection },
      core: createCore({ settings, connection, log, models, content, tasks, project: name, transaction }),
    }
    return opened
  }

  /** The application's; a pool of Yeyak's own where it has given none. */
  const client = (): Client => {
    if (options.client !== null) return options.client
    if (own === null) {
      const pool = createOwnPool(open().connection, (err) =>
        options.log.warn({ err }, 'database: an idle connection was lost'),
      )
      own = { pool, client: clientOf(pool) }
    }
    return own.client
  }

  /** Once: rows written through a client of another database would be there, and never be found. */
  const checkDatabase = async (core: Core, db: Database): Promise<void> => {
    if (isSame) return
    sameDatabase ??= fingerprint(core.db).catch((error: unknown) => {
      sameDatabase = null
      throw error
    })
    if ((await sameDatabase) !== (await fingerprint(db))) throw new YeyakError('wrong-database')
    isSame = true
  }

  /** A transaction of its own, through the application's client. */
  const transaction = async <Result>(work: (one: Open) => Promise<Result>): Promise<Result> => {
    // A worker's last jobs end after the stop has begun.
    const { core } = opened ?? open()
    const through = client()
    return through.transaction(async (tx) => {
      const db = borrowDatabase(await through.executor(tx))
      await checkDatabase(core, db)
      return work({ db, tx })
    })
  }

  const readProject = async ({ db, tables }: Core): Promise<number> => {
    const { project: name } = options
    const id = await findProject(db, tables, name).catch((error: unknown) => {
      throw asNotMigrated(error)
    })
    if (id === null)
      throw new YeyakError('not-found', {
        detail: { en: `There is no project "${name}".`, ko: `"${name}" 프로젝트가 없습니다.` },
      })
    return id
  }

  return {
    open,
    transaction,

    /** The application acts, in its project. */
    async by(core: Core): Promise<By> {
      project ??= readProject(core).catch((error: unknown) => {
        project = null
        throw error
      })
      return { projectId: await project, actor: APPLICATION }
    },

    /** In the caller's transaction where there is one, else by `alone`. */
    async run<Result>(
      given: { tx?: unknown },
      work: (one: Open) => Promise<Result>,
      alone: (work: (one: Open) => Promise<Result>) => Promise<Result>,
    ): Promise<Result> {
      checkNames(given, ['tx'], 'options.')
      const { core } = open()
      const { tx } = given
      if (tx === undefined)
        return alone(work).catch((error: unknown) => {
          throw asNotMigrated(error)
        })
      if (options.client === null)
        throw missing(
          'tx',
          'needs the client that it belongs to: createYeyak({ client })',
          'tx를 쓰려면 createYeyak({ client })에 그 클라이언트를 넘겨야 합니다.',
        )
      return inside(options.client, tx, async (db) => {
        await checkDatabase(core, db)
        return work({ db, tx })
      })
    },

    /** Nothing is opened any more. */
    close(): void {
      isClosed = true
    },

    async end(): Promise<void> {
      await opened?.core.close()
      await own?.pool.end()
    },
  }
}
