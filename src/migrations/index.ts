export { appliedMigrations, assertNotNewer, migrate, NewerDatabaseError, oneAtATime } from './migrate.ts'
