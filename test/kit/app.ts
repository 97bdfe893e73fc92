import { Writable } from 'node:stream'
import { type App, type AppOptions, createApp } from '../../src/app.ts'
import type { ContentType } from '../../src/publishing/index.ts'
import { createLog } from '../../src/platform/log.ts'
import { type Client, createClient } from './client.ts'
import { testConfig } from './config.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { createProbeChannel } from './probe-channel.ts'
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
  /** An existing database, which then stays when the app ends. */
  database?: TestDatabase
  /** Beside `story`. */
  contentTypes?: readonly ContentType[]
  /** Rows in tables of an application. */
  external?: AppOptions['external']
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
    contentTypes: o.contentTypes ?? [],
    ...(o.external && { external: o.external }),
  })
  await app.start()
  return {
    database,
    app,
    client: createClient(app.url?.replace('localhost', '127.0.0.1') ?? 'http://127.0.0.1:9/'),
    records,
    async end() {
      await app.stop()
      if (o.database === undefined) await database.drop()
    },
  }
}
