import { startTestApp } from './app.ts'
import { type Client } from './client.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { type LogRecord, type ProcessOptions, startProcess, type YeyakProcess } from './process.ts'
import { type Receiver, startReceiver } from './receiver.ts'

export interface Deployment {
  database: TestDatabase
  receiver: Receiver
  /** Of an API without a worker, in the test's own process: it stays whatever happens to the others. */
  client: Client
  /** What that API has logged. */
  records: readonly LogRecord[]
  /** A real process on this database; ended with the deployment. */
  spawn(role: ProcessOptions['role'], options?: Partial<ProcessOptions>): Promise<YeyakProcess>
  /** A notification on channel `probe` to the receiver. */
  schedule(message: string, more?: Record<string, unknown>): Promise<string>
  end(): Promise<void>
}

/** What a fault test needs: a database, a far side, an API that survives, and processes that may be killed. */
export const createDeployment = async (
  o: { database?: TestDatabase; env?: Readonly<Record<string, string>> } = {},
): Promise<Deployment> => {
  const database = o.database ?? (await createTestDatabase())
  const [api, receiver] = await Promise.all([
    startTestApp({ database, roles: { api: true, worker: false } }),
    startReceiver(),
  ])
  const processes: YeyakProcess[] = []
  return {
    database,
    receiver,
    client: api.client,
    records: api.records,
    async spawn(role, options = {}) {
      const child = await startProcess({
        role,
        ...options,
        env: { DATABASE_URL: database.url, ...o.env, ...options.env },
      })
      processes.push(child)
      return child
    },
    schedule: (message, more = {}) =>
      api.client.create({ channel: 'probe', to: receiver.url, message, ...more }),
    async end() {
      await Promise.all(processes.map((child) => child.end()))
      await api.end()
      await receiver.stop()
      if (o.database === undefined) await database.drop()
    },
  }
}
