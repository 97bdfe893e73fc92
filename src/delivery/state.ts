/** Stored states of what is delivered. `queued` is shown for what waits and is due; it is not stored. */
export const STATES = [
  'scheduled',
  'sending',
  'retrying',
  'delivered',
  'failed',
  'canceled',
  'expired',
] as const
export type State = (typeof STATES)[number]

/** Final states that can be left again: by a retry. */
export const RETRYABLE: readonly State[] = ['failed', 'canceled', 'expired']

/** How an attempt ended. `interrupted`: put back by a shutdown before anything was sent. */
export const ATTEMPT_OUTCOMES = ['delivered', 'failed', 'rejected', 'unknown', 'interrupted'] as const
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number]

/** Why something failed for good. */
export const FAILURE_REASONS = [
  'rejected',
  'retries_exhausted',
  'outcome_unknown',
  'worker_lost',
  'operator',
] as const
export type FailureReason = (typeof FAILURE_REASONS)[number]

/** Values of `trouble`, the column that lists of what needs an eye are indexed by. */
export const TROUBLE = { retrying: 1, failed: 2 } as const

/** A send whose worker was lost this many times is not begun again: it may be what kills them. */
export const MAX_LOST_WORKERS = 3
