/** Time inputs and series of wall-clock times: the only place where local times and delays become instants. */
export { isWallClock, rederive, rederiveExpiry, type WallClock } from './rederive.ts'
export { nextInstant, type SeriesRule, type WallSeries } from './series.ts'
export { timeZoneNamed } from './zone.ts'
export { describeWhen, resolveWhen, type When, WhenDocument, WhenSchema } from './when.ts'
export { wallSecondsOf } from './zone-spans.ts'
