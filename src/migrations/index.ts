export { appliedMigrations, assertNotNewer, migrate, NewerDatabaseError } from './migrate.ts'
