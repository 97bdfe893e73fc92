import type { Outcome } from '../channels/index.ts'
import type { Started } from './repository.ts'

/** One whose content is at hand. */
export interface Loaded extends Started {
  content: Record<string, unknown>
}

/** What sends for a subject: a channel behind the feature's own mapping of rows to messages. */
export interface Sender {
  /** Shown in `attempts[].provider`. */
  provider(started: Loaded): string
  send(started: Loaded, signal: AbortSignal): Promise<Outcome>
}

const KINDS: readonly string[] = ['delivered', 'retry', 'rejected', 'unknown'] satisfies Outcome['kind'][]

const unknown = (code: string, message: string): Outcome => ({ kind: 'unknown', reason: { code, message } })

const membersOf = (value: unknown): Partial<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

/** Whatever a channel's code answers: without a reason that can be put on record it is no answer. */
const checked = (outcome: unknown): Outcome => {
  const { kind, reason } = membersOf(outcome)
  const { code, message } = membersOf(reason)
  const isReasoned = kind === 'delivered' || (typeof code === 'string' && typeof message === 'string')
  return isReasoned && KINDS.includes(String(kind))
    ? (outcome as Outcome)
    : unknown('invalid-outcome', 'the channel gave an answer that is none')
}

/** How long a channel whose send was cut off has to say how far it had got. */
const LAST_WORD_MS = 50

export interface Sending {
  outcome: Promise<Outcome | 'cut-off'>
  /** Gives up on it now: a shutdown has reached its limit. */
  cutOff(): void
}

/**
 * Runs one send within its timeout. At its end the channel is told to stop, and has a moment to say how far it had got; one
 * that says nothing is left behind: the outcome is known to be unknown, whatever it answers later.
 */
export const startSend = (sender: Sender, started: Loaded, onBug: (error: unknown) => void): Sending => {
  const controller = new AbortController()
  let cutOff = () => {}
  const outcome = new Promise<Outcome | 'cut-off'>((resolve) => {
    let isTimedOut = false
    const settle = (value: Outcome | 'cut-off') => {
      clearTimeout(timer)
      resolve(value)
    }
    const timeOut = () => settle(unknown('timeout', `no answer within ${started.timeoutSeconds} s`))
    const answer = (value: Outcome) => (isTimedOut && value.kind === 'unknown' ? timeOut() : settle(value))
    let timer = setTimeout(() => {
      isTimedOut = true
      // The channel may know better: that nothing had been sent yet, for one.
      timer = setTimeout(timeOut, LAST_WORD_MS)
      controller.abort(new Error('timeout'))
    }, started.timeoutSeconds * 1000)
    cutOff = () => {
      settle('cut-off')
      controller.abort(new Error('shutdown'))
    }
    const fail = (error: unknown) => {
      onBug(error)
      answer(unknown('channel-error', 'the channel failed unexpectedly'))
    }
    try {
      sender.send(started, controller.signal).then((value) => answer(checked(value)), fail)
    } catch (error) {
      fail(error)
    }
  })
  return { outcome, cutOff: () => cutOff() }
}
