/** Time inputs: the only place where local times and delays become instants. */
export { isWallClock, rederive, rederiveExpiry, type WallClock } from './rederive.ts'
export { describeWhen, resolveWhen, type When, WhenDocument, WhenSchema } from './when.ts'
