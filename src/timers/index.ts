export { type Errands, plantTimers, removeTimers } from './repository.ts'
export { createTimers, type Timers } from './timers.ts'
export { createNotifier, NOTIFY_HORIZON_SECONDS, type Notifier } from './wake.ts'
export { createTimerWorker, type Taker, type TimerWorker } from './worker.ts'
export {
  describeWhen,
  nextInstant,
  resolveWhen,
  type SeriesRule,
  timeZoneNamed,
  wallSecondsOf,
  type WallSeries,
  type When,
  WhenDocument,
  WhenSchema,
} from './when/index.ts'
