export { openDatabase, type OpenDatabase } from './database.ts'
export { migrateAll, migrateDatabase } from './migrate.ts'
export { createPools, type Pools } from './pools.ts'
export { readStanding, type Standing } from './standing.ts'
