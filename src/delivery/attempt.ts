import { type Answer, type Outcome, type Reason, RESPONSE_BYTES } from '../channels/index.ts'
import type { Logger } from '../platform/log.ts'
import { judge, judgeCutOff, judgeInterrupted, type Verdict } from './policy.ts'
import type { Ended, Started } from './repository.ts'
import { type Sender, type Sending, startSend } from './send.ts'

const TEXT_LIMIT = 2_000

/** What a channel says, cut to a length and freed of what PostgreSQL does not store. */
const storable = (text: unknown, limit: number = TEXT_LIMIT): string =>
  String(text).slice(0, limit).toWellFormed().replaceAll('\0', '')

/** A number that is none would fail the statement for good: its batch, and then itself again and again. */
const storableStatus = (status: number | undefined): number | null =>
  status !== undefined && Number.isInteger(status) && Math.abs(status) < 2 ** 31 ? status : null

const SHUTDOWN: Reason = { code: 'shutdown', message: 'the send was cut off by a shutdown' }
const NOT_BEGUN: Reason = { code: 'shutdown', message: 'a shutdown came before anything was sent' }

const reasonOf = (outcome: Outcome): Reason | null =>
  outcome.kind === 'delivered'
    ? null
    : { code: storable(outcome.reason.code), message: storable(outcome.reason.message) }

const MAX_REJECTED = 200

const storableAnswer = ({ rejected = [], response }: Answer): Answer | null => {
  const answer = {
    ...(rejected.length > 0 && {
      rejected: rejected
        .slice(0, MAX_REJECTED)
        .map(({ address, message }) => ({ address: storable(address), message: storable(message) })),
    }),
    ...(response !== undefined && { response: storable(response, RESPONSE_BYTES) }),
  }
  return Object.keys(answer).length === 0 ? null : answer
}

export interface Attempts {
  /** Sends once, and says how that ended. Never rejects. */
  run(started: Started): Promise<Ended>
  /** Cuts off what is being sent, and begins no further send. */
  cutOff(): void
}

export const createAttempts = (o: { sender: Sender; log: Logger }): Attempts => {
  const sending = new Set<Sending>()
  let isCutOff = false

  const tell = (started: Started, verdict: Verdict, error: Reason | null) => {
    if (verdict.state === 'delivered') return
    const fields = { id: started.id, attempt: started.attempt, outcome: verdict.attempt, error: error?.code }
    if (verdict.state === 'failed')
      o.log.warn({ ...fields, reason: verdict.reason }, 'delivery: failed for good')
    else o.log.info(fields, 'delivery: an attempt failed, it is tried again')
  }

  const ended = (
    started: Started,
    verdict: Verdict,
    error: Reason | null,
    outcome: Outcome | null,
  ): Ended => {
    tell(started, verdict, error)
    const providerId = outcome?.kind === 'delivered' ? outcome.providerId : undefined
    return {
      id: started.id,
      attempt: started.attempt,
      verdict,
      provider: o.sender.provider(started),
      providerId: providerId === undefined ? null : storable(providerId),
      statusCode: storableStatus(outcome?.statusCode),
      error,
      answer: outcome?.answer === undefined ? null : storableAnswer(outcome.answer),
    }
  }

  return {
    async run(started) {
      if (isCutOff) return ended(started, judgeInterrupted(), NOT_BEGUN, null)
      const send = startSend(o.sender, started, (err) =>
        o.log.error(
          { err, id: started.id, attempt: started.attempt },
          'delivery: a channel failed unexpectedly',
        ),
      )
      sending.add(send)
      const outcome = await send.outcome
      sending.delete(send)
      return outcome === 'cut-off'
        ? ended(started, judgeCutOff(started), SHUTDOWN, null)
        : ended(started, judge(outcome, started), reasonOf(outcome), outcome)
    },
    cutOff() {
      isCutOff = true
      for (const send of sending) send.cutOff()
    },
  }
}
