import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { startTestPostgres, type TestPostgres } from './postgres.ts'
import { migrateTemplate } from './template.ts'

export interface PlanLog {
  postgres: TestPostgres
  /** Migrated. */
  database: TestDatabase
  /** Of the log, in bytes. */
  size(): Promise<number>
  /** What was logged of the program's sessions after so many bytes: each entry a statement with its plan. */
  entriesSince(offset: number): Promise<string[]>
}

/** A server that writes down the plan that each statement of the program really got. */
export const startPlanLog = async (settings: Record<string, string>): Promise<PlanLog> => {
  const postgres = await startTestPostgres({
    settings: {
      log_line_prefix: '%a|',
      session_preload_libraries: 'auto_explain',
      'auto_explain.log_min_duration': '0',
      ...settings,
    },
  })
  await postgres.createDatabase('template')
  await migrateTemplate(postgres.url('template'))
  const database = await createTestDatabase('template', postgres.adminUrl)
  const [row] = await database.query<{ data_directory: string }>('show data_directory')
  const path = join(dirname(row?.data_directory ?? ''), 'postgres.log')
  return {
    postgres,
    database,
    size: async () => (await stat(path)).size,
    async entriesSince(offset) {
      const log = (await readFile(path)).subarray(offset).toString('utf8')
      return log.split(/^(?=[^\t\n|]*\|LOG: )/mu).filter((entry) => /^yeyak[^|]*\|/u.test(entry))
    },
  }
}
