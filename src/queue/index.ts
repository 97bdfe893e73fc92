export {
  type ClaimedJob,
  createQueue,
  HEARTBEAT_SECONDS,
  type Job,
  type JobData,
  type NewJob,
  type Queue,
} from './boss.ts'
export { createRunner, type Runner } from './runner.ts'
