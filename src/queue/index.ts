export {
  type ClaimedJob,
  createQueue,
  HEARTBEAT_SECONDS,
  TOUCH_INTERVAL_MS,
  type Job,
  type JobData,
  type Queue,
} from './boss.ts'
export { createRunner, type Runner } from './runner.ts'
export { drizzleExecutor } from './drizzle.ts'
