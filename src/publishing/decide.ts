import { retryDelayMs } from '../delivery/index.ts'
import type { Action } from './repository-publications.ts'

/** A publication that is pending and due, as it stands under its lock. */
export interface Due {
  id: string
  action: Action
  dueAt: Date
  createdAt: Date
  maxLateSeconds: number | null
}

/** Why a revision may not go live. */
export interface Fault {
  code: string
  message: string
  errors?: readonly { path: string; message: string }[]
}

export interface Ending<P extends Due> {
  publication: P
  state: 'succeeded' | 'superseded' | 'missed' | 'failed'
  reason: string | null
  error: Fault | null
}

export interface Reduced<P extends Due> {
  /** Of all that were due, in the order in which they were due. */
  endings: Ending<P>[]
  /** The one whose action the item takes; null: it stays as it is. */
  winner: P | null
}

const inOrder = (a: Due, b: Due): number =>
  a.dueAt.getTime() - b.dueAt.getTime() ||
  a.createdAt.getTime() - b.createdAt.getTime() ||
  (a.id < b.id ? -1 : 1)

const isMissed = (p: Due, now: Date): boolean =>
  p.maxLateSeconds !== null && now.getTime() - p.dueAt.getTime() > p.maxLateSeconds * 1000

/**
 * What becomes of an item whose due publications are these: what their replay in order would leave, without its steps in
 * between. So one whose publish and unpublish are both over is never live, and a revision that may not go live leaves what
 * was due before it in force.
 */
export const reduce = <P extends Due>(
  due: readonly P[],
  now: Date,
  faultOf: (publication: P) => Fault | null,
): Reduced<P> => {
  let winner: P | null = null
  const endings: Ending<P>[] = []
  for (const publication of due.toSorted(inOrder).toReversed()) {
    if (isMissed(publication, now)) {
      endings.push({ publication, state: 'missed', reason: 'too_late', error: null })
    } else if (winner !== null) {
      endings.push({ publication, state: 'superseded', reason: `by ${winner.id}`, error: null })
    } else {
      const error = faultOf(publication)
      if (error === null) winner = publication
      endings.push(
        error === null
          ? { publication, state: 'succeeded', reason: null, error }
          : { publication, state: 'failed', reason: 'invalid', error },
      )
    }
  }
  return { endings: endings.toReversed(), winner }
}

export interface Standing {
  generation: number
  isPending: boolean
  nextAt: Date
}

/** Why a job changes nothing; null where it does. */
export type NoOp = 'gone' | 'ended' | 'other_generation' | 'not_due' | 'content_gone'

export const noOpOf = (
  generation: number,
  publication: Standing | undefined,
  hasContent: boolean,
  now: Date,
): NoOp | null => {
  if (publication === undefined) return 'gone'
  if (!publication.isPending) return 'ended'
  if (publication.generation !== generation) return 'other_generation'
  if (!hasContent) return 'content_gone'
  return publication.nextAt.getTime() > now.getTime() ? 'not_due' : null
}

export const RETRY_DELAY_SECONDS = 5
const RETRY = { backoff: 'exponential', delaySeconds: RETRY_DELAY_SECONDS, maxDelaySeconds: 3_600 } as const

/** Publishing is urgent: 5, 10, 20 s, and up to a tenth more, as everywhere. */
export const retryDelaySeconds = (failures: number, random?: () => number): number =>
  retryDelayMs(RETRY, failures, random) / 1000
