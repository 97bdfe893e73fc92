import type { Outcome } from '../channels/index.ts'
import type { AttemptOutcome, FailureReason } from './state.ts'

export interface RetryPolicy {
  /** Tries after the first. */
  limit: number
  delaySeconds: number
  backoff: 'fixed' | 'exponential'
  maxDelaySeconds: number
  /** Before each try after the first, instead of what is computed; the far side's own word is then never sooner. */
  delaysSeconds?: readonly number[]
}

export const DEFAULT_RETRY: RetryPolicy = {
  limit: 3,
  delaySeconds: 60,
  backoff: 'exponential',
  maxDelaySeconds: 3600,
}

export interface Budget {
  retry: RetryPolicy
  onUnknown: 'retry' | 'stop'
  /** Attempts so far that counted. */
  failures: number
}

/** What an outcome comes to. */
export interface Verdict {
  attempt: AttemptOutcome
  state: 'delivered' | 'retrying' | 'failed'
  reason: FailureReason | null
  /** Until the next attempt; null where there is none. */
  delayMs: number | null
  /** Whether the attempt counts towards `retry.limit`. */
  counted: boolean
}

/** Later by up to this share, so that what failed together is not tried again together. Never earlier. */
const JITTER = 0.1

export const retryDelayMs = (
  retry: Omit<RetryPolicy, 'limit'>,
  failures: number,
  random: () => number = Math.random,
): number => {
  const factor = retry.backoff === 'exponential' ? 2 ** Math.min(failures - 1, 1000) : 1
  const computed = Math.min(retry.maxDelaySeconds, retry.delaySeconds * factor)
  const seconds = retry.delaysSeconds?.[failures - 1] ?? computed
  return seconds * 1000 * (1 + random() * JITTER)
}

const again = (attempt: AttemptOutcome, budget: Budget, afterMs: number | undefined): Verdict => {
  const failures = budget.failures + 1
  if (failures > budget.retry.limit) {
    return { attempt, state: 'failed', reason: 'retries_exhausted', delayMs: null, counted: true }
  }
  const { delaysSeconds, maxDelaySeconds } = budget.retry
  // Tries that are listed are few, and a far side that says "now" to all of them would use them up in a minute.
  const soonestMs = delaysSeconds === undefined ? 0 : retryDelayMs(budget.retry, failures)
  // The provider's own word wins, within what the sender allows.
  const delayMs =
    // A channel that answers with what is no number has not said when.
    typeof afterMs !== 'number' || Number.isNaN(afterMs)
      ? retryDelayMs(budget.retry, failures)
      : Math.max(soonestMs, Math.min(Math.max(afterMs, 0), maxDelaySeconds * 1000))
  return { attempt, state: 'retrying', reason: null, delayMs, counted: true }
}

export const judge = (outcome: Outcome, budget: Budget): Verdict => {
  switch (outcome.kind) {
    case 'delivered':
      return { attempt: 'delivered', state: 'delivered', reason: null, delayMs: null, counted: true }
    case 'rejected':
      return { attempt: 'rejected', state: 'failed', reason: 'rejected', delayMs: null, counted: true }
    case 'retry':
      return again('failed', budget, outcome.afterMs)
    case 'unknown':
      return budget.onUnknown === 'stop'
        ? { attempt: 'unknown', state: 'failed', reason: 'outcome_unknown', delayMs: null, counted: true }
        : again('unknown', budget, undefined)
  }
}

/** A send cut off by a shutdown: nobody knows how far it got, and it was not the receiver's fault. */
export const judgeCutOff = (budget: Budget): Verdict =>
  budget.onUnknown === 'stop'
    ? { attempt: 'unknown', state: 'failed', reason: 'outcome_unknown', delayMs: null, counted: true }
    : { attempt: 'unknown', state: 'retrying', reason: null, delayMs: 0, counted: false }

/** A shutdown came after the beginning was on record and before the channel was called: as if it had not begun. */
export const judgeInterrupted = (): Verdict => ({
  attempt: 'interrupted',
  state: 'retrying',
  reason: null,
  delayMs: 0,
  counted: false,
})
