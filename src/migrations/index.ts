export {
  appliedMigrations,
  assertNotNewer,
  knownMigrations,
  migrate,
  NewerDatabaseError,
  oneAtATime,
} from './migrate.ts'
export { grant } from './grant.ts'
