/** Everything that is on record about one item, as of one moment. Instants are milliseconds since 1970. */
export interface Item {
  id: string
  projectId: number
  lane: string
  state: string
  reason: string | null
  dueMs: number
  nextMs: number
  expiresMs: number | null
  createdMs: number
  finishedMs: number | null
  generation: number
  attemptNo: number
  attemptJob: string | null
  attemptStartedMs: number | null
  attemptDueMs: number | null
  handedMs: number | null
  /** It waits for a slot, or one is kept for it: its timer, where it has one, is not for its own time. */
  isAside: boolean
  /** In the order of their numbers. The open one is not among them. */
  attempts: readonly AttemptFact[]
  /** In the order in which they were written, without those that say nothing beyond an attempt. */
  events: readonly EventFact[]
  timer: TimerFact | null
  /** Only looked for where something ought to be there. */
  jobs: readonly JobFact[]
}

export interface AttemptFact {
  id: string
  number: number
  outcome: string
  dueMs: number
  handedMs: number | null
  startedMs: number
  finishedMs: number
  errorCode: string | null
}

export interface EventFact {
  id: string
  atMs: number
  /** Without the kind before it: `canceled`. */
  type: string
  /** The state that it says the item is in since; null where it says none. */
  state: string | null
  /** It waits again from then on: retried by somebody, or put back by an undo. */
  reopens: boolean
  cancelRequested: boolean
}

export interface TimerFact {
  id: string
  lane: string
  dueMs: number
  generation: number
}

export interface JobFact {
  id: string
  jobId: string
  generation: number | null
}

/** From when to when a queue was paused; without an end it still is. */
export interface Pause {
  fromMs: number
  toMs: number | null
}

/** What checks know beside the item. */
export interface Circumstances {
  /** The database's clock when the facts were read. */
  nowMs: number
  /** What was to begin by then is judged for being late. */
  toMs: number
  lateMs: number
  /** History before that may have been removed by the retention; -Infinity where everything is kept. */
  keptSinceMs: number
  pausesOf(lane: string): readonly Pause[]
}

export const isWaiting = ({ state }: Pick<Item, 'state'>): boolean =>
  state === 'scheduled' || state === 'retrying'

/** An attempt that has begun, ended or not. */
export interface Begun {
  number: number
  dueMs: number
  handedMs: number | null
  startedMs: number
}

export const begunOf = (item: Item): readonly Begun[] =>
  item.state === 'sending' && item.attemptStartedMs !== null
    ? [
        ...item.attempts,
        {
          number: item.attemptNo,
          dueMs: item.attemptDueMs ?? item.nextMs,
          handedMs: item.handedMs,
          startedMs: item.attemptStartedMs,
        },
      ]
    : item.attempts
