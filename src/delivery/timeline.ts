import { isObject } from '../platform/merge-patch.ts'
import { ZONE_RULES } from '../timers/index.ts'

/** What a timeline is made of, whatever it is that was delivered. */
export interface TimelineSubject {
  createdAt: Date
  /** The state as it is stored. */
  stored: string
  attemptNo: number
  attemptStartedAt: Date | null
  attemptDueAt: Date | null
  handedAt: Date | null
}

interface Attempt {
  number: number
  outcome: string
  dueAt: Date
  handedAt: Date | null
  startedAt: Date
  finishedAt: Date
  error: { code: string; message: string } | null
}

interface TimelineEvent {
  at: Date
  type: string
  data: Record<string, unknown> | null
}

export interface TimelineItem {
  at: string
  type: string
  /** What was waited for since the item before, or what happened. */
  detail: string
  /** Since the item before. */
  waitMs: number
}

interface Moment {
  at: Date
  /** Of moments at the same instant, what comes first. */
  order: number
  type: string
  detail: string
}

const ORDER = { created: 0, changed: 1, due: 2, handed: 3, started: 4, ended: 5 } as const
/** One attempt's end comes before the next one's beginning. */
const orderOf = (number: number, step: keyof typeof ORDER): number => number * 10 + ORDER[step]
const LAST = Number.POSITIVE_INFINITY

const startOf = (a: { number: number; dueAt: Date; handedAt: Date | null; startedAt: Date }): Moment[] => [
  {
    at: a.dueAt,
    order: orderOf(a.number, 'due'),
    type: a.number === 1 ? 'due' : 'retry_due',
    detail: a.number === 1 ? 'waited for its time' : 'waited for the next try',
  },
  ...(a.handedAt === null
    ? []
    : [
        {
          at: a.handedAt,
          order: orderOf(a.number, 'handed'),
          type: 'queued',
          detail: 'waited for the hand-over to the queue',
        },
      ]),
  {
    at: a.startedAt,
    order: orderOf(a.number, 'started'),
    type: 'attempt_started',
    detail: `waited for a worker; attempt ${a.number}`,
  },
]

const attemptMoments = (a: Attempt): Moment[] => {
  const why = a.error === null ? '' : `: ${a.error.code}, ${a.error.message}`
  return [
    ...startOf(a),
    {
      at: a.finishedAt,
      order: orderOf(a.number, 'ended'),
      type: `attempt_${a.outcome}`,
      detail: `attempt ${a.number} ran${why}`,
    },
  ]
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Told by the next attempt, or by the type. */
const TOLD_OTHERWISE: ReadonlySet<string> = new Set([
  ...['state', 'reason', 'sendAt', 'runAt', 'dueAt', 'nextAttemptAt'],
])

/** The names of what was edited. */
const editedOf = ({ before, after }: Record<string, unknown>): string =>
  [...new Set([before, after].flatMap((side) => (isObject(side) ? Object.keys(side) : [])))]
    .filter((name) => !TOLD_OTHERWISE.has(name))
    .toSorted()
    .join(', ')

/** What a change was, in words. */
const describe = (name: string, data: Record<string, unknown>): string => {
  const next =
    data['nextAttemptAt'] === undefined
      ? ''
      : `, next attempt ${new Date(text(data['nextAttemptAt'])).toISOString()}`
  if (data['cancelRequested'] === true) return 'cancel requested too late: no further attempt begins'
  if (data['reason'] === ZONE_RULES) return `moved: the rules of its time zone have changed${next}`
  const edited = editedOf(data)
  if (data['retried'] === true)
    return `tried again by request${edited === '' ? '' : `, edited: ${edited}`}${next}`
  if (name === 'updated') return `changed by request${edited === '' ? '' : `: ${edited}`}${next}`
  if (name === 'reconciled') return 'had neither a timer nor a job: planted again'
  const reason = data['reason'] === undefined ? '' : `: ${text(data['reason'])}`
  const note = data['note'] === undefined ? '' : `, ${text(data['note'])}`
  return `final${reason}${note}`
}

const SAID_BY_ATTEMPTS = new Set(['created', 'started', 'attempt', 'progress'])

/** Of the events, those that say more than the attempts do; the others would only repeat them. */
const eventMoments = (events: readonly TimelineEvent[]): Moment[] =>
  events.flatMap(({ at, type, data }) => {
    const name = type.slice(type.indexOf('.') + 1)
    if (SAID_BY_ATTEMPTS.has(name)) return []
    const order = name === 'updated' ? ORDER.changed : LAST
    return [{ at, order, type: name, detail: describe(name, data ?? {}) }]
  })

/** After a lost worker, due and hand-over are those of the attempt before, and were told there. */
const since = (before: Attempt | undefined, moments: readonly Moment[]): Moment[] =>
  before === undefined ? [...moments] : moments.filter((moment) => moment.at >= before.finishedAt)

/**
 * All that happened to something that is delivered, in order. Each wait has its reason, and the waits add up to the whole time from
 * its creation to the last thing that happened.
 */
export const toTimeline = (
  n: TimelineSubject,
  attempts: readonly Attempt[],
  events: readonly TimelineEvent[],
): TimelineItem[] => {
  const open =
    n.stored === 'sending' && n.attemptStartedAt !== null && n.attemptDueAt !== null
      ? startOf({
          number: n.attemptNo,
          dueAt: n.attemptDueAt,
          handedAt: n.handedAt,
          startedAt: n.attemptStartedAt,
        })
      : []
  const moments: Moment[] = [
    { at: n.createdAt, order: ORDER.created, type: 'created', detail: 'accepted' },
    ...attempts.flatMap((a, i) => since(attempts[i - 1], attemptMoments(a))),
    ...since(attempts.at(-1), open),
    ...eventMoments(events),
  ]
  // An item created for a moment that had just passed was due before it was there: it counts from its creation.
  const from = n.createdAt.getTime()
  const sorted = moments
    .map((moment) => ({ ...moment, ms: Math.max(from, moment.at.getTime()) }))
    .sort((a, b) => a.ms - b.ms || Number(a.order > b.order) - Number(a.order < b.order))
  return sorted.map(({ ms, type, detail }, i) => ({
    at: new Date(ms).toISOString(),
    type,
    detail,
    waitMs: ms - (sorted[i - 1]?.ms ?? ms),
  }))
}
