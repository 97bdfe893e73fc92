const WAITING = new Set(['scheduled', 'queued', 'retrying'])
const RETRYABLE = new Set(['failed', 'canceled', 'expired'])
/** Of what failed for these reasons nobody knows what became of it. */
const SETTLED_BY_HAND = new Set(['outcome_unknown', 'worker_lost'])

/** What the server lets be done to it in its state. */
export const possible = ({ state, reason }: { state: string; reason: string | null }) => {
  const waits = WAITING.has(state)
  return {
    waits,
    retry: RETRYABLE.has(state) && reason !== 'forgotten',
    resolve: waits || (state === 'failed' && reason !== null && SETTLED_BY_HAND.has(reason)),
  }
}
