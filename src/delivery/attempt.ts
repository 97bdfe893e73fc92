import { type Answer, type Outcome, type Reason, RESPONSE_BYTES } from '../channels/index.ts'
import type { Logger } from '../platform/log.ts'
import { judge, judgeCutOff, judgeInterrupted, type Verdict } from './policy.ts'
import type { Started } from './repository.ts'
import type { AttemptOutcome } from './state.ts'
import type { Ended } from './repository-record.ts'
import type { Semaphore } from '../platform/semaphore.ts'
import { type Loaded, type Sender, type Sending, startSend } from './send.ts'

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

export interface AttemptsOptions {
  sender: Sender
  /** What large contents are read into, in bytes. */
  memory: Semaphore
  /** Reads the content of a subject until it succeeds; null where there is no more time for it, or nothing to read. */
  read(id: string): Promise<Record<string, unknown> | null>
  /** Told of each attempt that ended: when it was due and when it began (milliseconds, `nowMs`), null where nothing was sent. */
  observe(outcome: AttemptOutcome, times: { dueMs: number; startedMs: number } | null): void
  /** As near to the clock of the database as is known. */
  nowMs(): number
  log: Logger
}

const NOTHING_HELD = () => {}

export const createAttempts = (o: AttemptsOptions): Attempts => {
  const shutdown = new AbortController()
  const sending = new Set<Sending>()

  const tell = (started: Started, verdict: Verdict, error: Reason | null) => {
    if (verdict.state === 'delivered') return
    const fields = { id: started.id, attempt: started.attempt, outcome: verdict.attempt, error: error?.code }
    if (verdict.state === 'failed')
      o.log.warn({ ...fields, reason: verdict.reason }, 'delivery: failed for good')
    else o.log.info(fields, 'delivery: an attempt failed, it is tried again')
  }

  /** Waits for room without an end to it: nothing is sent yet, and the claim is kept alive. */
  const load = async (started: Started): Promise<{ loaded: Loaded; release: () => void } | null> => {
    const { content } = started
    if (content !== null) return { loaded: { ...started, content }, release: NOTHING_HELD }
    const release = await o.memory.take(started.contentBytes, shutdown.signal)
    if (release === null) return null
    const read = await o.read(started.id)
    if (read === null) {
      release()
      return null
    }
    return { loaded: { ...started, content: read }, release }
  }

  const ended = (
    started: Started,
    provider: string | null,
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
      provider,
      providerId: providerId === undefined ? null : storable(providerId),
      statusCode: storableStatus(outcome?.statusCode),
      error,
      answer: outcome?.answer === undefined ? null : storableAnswer(outcome.answer),
      result: outcome?.result ?? null,
    }
  }

  return {
    async run(started) {
      const ready = shutdown.signal.aborted ? null : await load(started)
      if (ready === null || shutdown.signal.aborted) {
        ready?.release()
        o.observe('interrupted', null)
        return ended(started, null, judgeInterrupted(), NOT_BEGUN, null)
      }
      const { loaded, release } = ready
      const startedMs = o.nowMs()
      const send = startSend(o.sender, loaded, (err) =>
        o.log.error(
          { err, id: started.id, attempt: started.attempt },
          'delivery: a channel failed unexpectedly',
        ),
      )
      sending.add(send)
      const outcome = await send.outcome
      sending.delete(send)
      release()
      const isCutOff = outcome === 'cut-off'
      const verdict = isCutOff ? judgeCutOff(started) : judge(outcome, started)
      o.observe(verdict.attempt, { dueMs: started.dueAt.getTime(), startedMs })
      return isCutOff
        ? ended(started, o.sender.provider(loaded), verdict, SHUTDOWN, null)
        : ended(started, o.sender.provider(loaded), verdict, reasonOf(outcome), outcome)
    },
    cutOff() {
      shutdown.abort()
      for (const send of sending) send.cutOff()
    },
  }
}
