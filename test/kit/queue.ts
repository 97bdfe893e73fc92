import { createDatabase, type Database } from '../../src/platform/database.ts'
import { createQueue, type Queue } from '../../src/queue/index.ts'
import { silentLog } from './config.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'

export interface TestQueue {
  database: TestDatabase
  db: Database
  queue: Queue
  end(): Promise<void>
}

/** The queue alone, started, on a database of its own: for what stands between the queue and the program. */
export const startTestQueue = async (): Promise<TestQueue> => {
  const database = await createTestDatabase()
  const db = createDatabase({
    connection: () => ({ connectionString: database.url }),
    ...{ applicationName: 'test', maxConnections: 5, onConnectionLost: () => {} },
  })
  const queue = createQueue({ db, schema: 'yeyak_queue', log: silentLog() })
  await queue.start()
  return {
    ...{ database, db, queue },
    async end() {
      await queue.stop()
      await db.destroy()
      await database.drop()
    },
  }
}
