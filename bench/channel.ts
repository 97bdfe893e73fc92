import { type Channel, type Message, messageField, type Outcome } from '../src/channels/index.ts'
import { nowMs } from './clock.ts'

/** A send that began, and is not among the measured ones. */
export interface Begun {
  id: string
  attempt: number
  atMs: number
  lateMs: number
}

export interface BenchChannel extends Channel {
  /** How late each measured send began, in milliseconds, since the last call. */
  take(): number[]
  /** How many measured sends began since the start. */
  count(): number
  /** The sends that were told to hang or to be left out, since the start. */
  begun(): readonly Begun[]
}

const DELIVERED: Outcome = { kind: 'delivered' }

const hang = (ms: number, signal: AbortSignal) =>
  new Promise<Outcome>((resolve) => {
    const timer = setTimeout(() => resolve(DELIVERED), ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve({ kind: 'unknown', reason: { code: 'timeout', message: 'the send hung' } })
    })
  })

/**
 * Notes when each send begins. What the message says decides what becomes of it: `hang 5000` takes so many milliseconds,
 * `stuck` never ends at its first attempt and is delivered at the next, `held` is delivered; none of these is measured.
 */
export const createBenchChannel = (): BenchChannel => {
  let late: number[] = []
  let count = 0
  const begun: Begun[] = []

  const sendMarked = (message: Message, lateMs: number, signal: AbortSignal): Promise<Outcome> | Outcome => {
    begun.push({ id: message.id, attempt: message.attempt, atMs: nowMs(), lateMs })
    const [mark, ms] = String(message.content['message']).split(' ')
    if (mark === 'hang') return hang(Number(ms), signal)
    return mark === 'stuck' && message.attempt === 1 ? hang(600_000, signal) : DELIVERED
  }

  return {
    name: 'bench',
    provider: 'bench',
    to: null,
    content: { message: messageField },
    requiredContent: ['message'],
    async send(message, signal) {
      const lateMs = nowMs() - message.dueAt.getTime()
      if (message.content['message'] !== 'm') return sendMarked(message, lateMs, signal)
      late.push(lateMs)
      count += 1
      return DELIVERED
    },
    take() {
      const taken = late
      late = []
      return taken
    },
    count: () => count,
    begun: () => begun,
  }
}
