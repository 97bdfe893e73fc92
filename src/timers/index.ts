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
export {
  createZonePass,
  LOOK_BACK_HOURS,
  type Move,
  type Moved,
  type Moves,
  type PassOptions,
  type PassResult,
  type Rederiver,
  ZONE_RULES,
  type ZonePass,
} from './zones/index.ts'
