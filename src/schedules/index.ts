/** AGAIN: recurring schedules, whose runs start what other features hand over. */
export { createScheduleDeadLetters, scheduleQueue } from './dead-letters.ts'
export { type Declared, declareSchedules } from './declare.ts'
export type { Given as ScheduleBody } from './definition.ts'
export { isRrule, type NextRuns, nextRuns } from './next-runs.ts'
export { createRederive, type MovedSchedule, type Rederived } from './rederive.ts'
export { createReseal } from './reseal.ts'
export { createSchedules, type Schedules } from './schedules-api.ts'
export { createScheduleWorker, daysBefore, type ScheduleWorker } from './worker.ts'
