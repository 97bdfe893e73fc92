import { Writable } from 'node:stream'
import { type App, type AppOptions, createApp } from '../../src/app.ts'
import type { ContentType } from '../../src/publishing/index.ts'
import { type DeclaredTasks, namedTasks } from '../../src/tasks/index.ts'
import { createLog } from '../../src/platform/log.ts'
import { type Client, createClient } from './client.ts'
import { testConfig } from './config.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { createProbeChannel } from './probe-channel.ts'
import { eventually } from './poll.ts'
import type { LogRecord } from './process.ts'

export interface TestApp {
  database: TestDatabase
  app: App
  client: Client
  records: LogRecord[]
  /** Ends the app and drops its database. */
  end(): Promise<void>
}

export interface TestAppOptions {
  env?: Readonly<Record<string, string>>
  roles?: { api: boolean; worker: boolean }
  /** Told of each step of publishing. */
  onPublishStep?: AppOptions['onPublishStep']
  /** Told of each step of schedules. */
  onScheduleStep?: AppOptions['onScheduleStep']
  /** As `yeyak.config.ts` declares them. */
  schedules?: AppOptions['schedules']
  /** An existing database, which then stays when the app ends. */
  database?: TestDatabase
  /** Beside `story`. */
  contentTypes?: readonly ContentType[]
  /** Rows in tables of an application. */
  external?: AppOptions['external']
  /** Background tasks, by their names. */
  tasks?: DeclaredTasks
  /** What the threads of tasks load. */
  taskFile?: string
  dashboardDirectory?: string
}

/** What reads the events, and so no further than the oldest open write transaction of the whole server. */
const READS_EVENTS = /^\/v1\/(?:events|audit|overview)\b/u
const HELD_BACK_MS = 4_000

/** Other tests' transactions on the same server hold the events back: waits for those that are open now, within reason. */
const othersAreDone = async (database: TestDatabase): Promise<void> => {
  const [now] = await database.query<{ xid: string }>('select pg_current_xact_id()::text as xid')
  const areDone = async () => {
    const [row] = await database.query<{ done: boolean }>(
      'select pg_snapshot_xmin(pg_current_snapshot()) > $1::xid8 as done',
      [now?.xid],
    )
    return row?.done === true
  }
  // A test may hold one itself, and mean to see what then happens.
  await eventually('the others’ transactions', areDone, HELD_BACK_MS).catch(() => {})
}

/** The whole of Yeyak in this process, on a database and a port of its own, with channel `probe`. */
export const startTestApp = async (o: TestAppOptions = {}): Promise<TestApp> => {
  const database = o.database ?? (await createTestDatabase())
  const records: LogRecord[] = []
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      for (const line of chunk.toString('utf8').split('\n'))
        if (line !== '') records.push(JSON.parse(line) as LogRecord)
      done()
    },
  })
  const app = createApp({
    config: testConfig({ DATABASE_URL: database.url, ...o.env }),
    roles: o.roles ?? { api: true, worker: true },
    log: createLog({ format: 'json', level: 'info', destination }),
    channels: [createProbeChannel()],
    ...(o.onPublishStep && { onPublishStep: o.onPublishStep }),
    ...(o.onScheduleStep && { onScheduleStep: o.onScheduleStep }),
    ...(o.schedules && { schedules: o.schedules }),
    contentTypes: o.contentTypes ?? [],
    ...(o.external && { external: o.external }),
    ...(o.tasks && { tasks: { declared: namedTasks(o.tasks), file: o.taskFile ?? null } }),
    ...(o.dashboardDirectory !== undefined && { dashboardDirectory: o.dashboardDirectory }),
  })
  await app.start()
  return {
    database,
    app,
    client: createClient(
      app.url?.replace('localhost', '127.0.0.1') ?? 'http://127.0.0.1:9/',
      async (method, path) => {
        if (method === 'GET' && READS_EVENTS.test(path)) await othersAreDone(database)
      },
    ),
    records,
    async end() {
      await app.stop()
      if (o.database === undefined) await database.drop()
    },
  }
}
