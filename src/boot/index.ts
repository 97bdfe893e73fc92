export { openDatabase, type OpenDatabase } from './database.ts'
export { migrateAll, migrateDatabase } from './migrate.ts'
