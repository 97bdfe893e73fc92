import { migrateDatabase } from '../../src/boot/index.ts'
import { testConfig, silentLog } from './config.ts'

/** The database that tests clone: migrated once, never written to. */
export const TEMPLATE = 'yeyak_template'

export const migrateTemplate = (url: string): Promise<void> =>
  migrateDatabase({ config: testConfig({ DATABASE_URL: url }), log: silentLog() })
