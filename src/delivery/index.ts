export type { Admission } from './admission.ts'
export {
  type BulkChanged,
  bulkCommon,
  type BulkFields,
  type BulkMatch,
  type BulkScope,
  type BulkWindow,
  createLook,
  optionDate,
  optionNote,
} from './bulk.ts'
export { createBulkEdit, editChunk, type Locked, patchOptions } from './bulk-edit.ts'
export { calendarSource } from './calendar.ts'
export { createDeadLetterSource } from './dead-letters.ts'
export {
  type Afterwards,
  createExecution,
  EXECUTION_CONCURRENCY,
  type Executed,
  type Execution,
  type ExecutionJob,
  type ExecutionOptions,
} from './execution.ts'
export { createIntake, type Intake } from './intake.ts'
export { DEFAULT_RETRY, retryDelayMs, type RetryPolicy } from './policy.ts'
export { createMatching } from './repository-bulk.ts'
export {
  changeRows,
  type ChangedTable,
  keptBy,
  type RowChange,
  type RowChanges,
} from './repository-change.ts'
export { createReconciler, type Reconciler } from './reconcile.ts'
export { editedRows, retryColumns } from './repository-edited.ts'
export { difference, withEdits } from './repository-difference.ts'
export type { CalendarTable } from './repository-calendar.ts'
export { type DeadLetterTable, lastAttemptOf } from './repository-dead-letters.ts'
export type { ItemState, Occasion, Startable, StartResult, Target } from './startable.ts'
export { RETRY, type Started, type Subject } from './repository.ts'
export type { Loaded, Sender } from './send.ts'
export { ATTEMPT_OUTCOMES, FAILURE_REASONS, RETRYABLE, type State, TROUBLE } from './state.ts'
export { type TimelineItem, toTimeline } from './timeline.ts'
export { createDelivery, type Delivery, type DeliveryOptions } from './worker.ts'
