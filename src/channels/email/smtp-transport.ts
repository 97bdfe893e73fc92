import { compose, type Mail } from './message.ts'
import { outcomeOfAccepted, outcomeOfFailure } from './outcome.ts'
import { createRedact } from './redact.ts'
import { createSemaphore } from '../../platform/semaphore.ts'
import { failure, NO_SLOT, type SmtpFailure } from './smtp-failure.ts'
import { createSmtpPool, type Session } from './smtp-pool.ts'
import { type Accepted, sendSmtp } from './smtp-send.ts'
import type { SmtpSettings } from './smtp-url.ts'
import type { Transport } from './transport.ts'

/**
 * To wait for a connection, to look the server up, to connect and to log in: less than an attempt has by default, so that
 * what gets stuck here is known not to be sent.
 */
const READY_TIMEOUT_MS = 10_000

interface Signals {
  signal: AbortSignal
  /** Aborted too when there is no connection in time. */
  ready: AbortSignal
}

/**
 * nodemailer speaks SMTP here, but its pool is not used: it sends a mail again by itself when a connection closes, up to
 * five times, and what was sent how often is for the record to know.
 */
export const createSmtpTransport = (settings: SmtpSettings): Transport => {
  const slots = createSemaphore(settings.pool)
  const pool = createSmtpPool(settings)
  const redact = createRedact(settings.login)

  const tryOnce = async (mail: Mail, raw: Buffer, { signal, ready }: Signals, isFresh: boolean) => {
    const session = await pool.take(ready, isFresh)
    if ('error' in session) return { session: null, result: session }
    return { session, result: await sendSmtp(session.connection, mail.envelope, raw, signal) }
  }

  const deliver = async (mail: Mail, raw: Buffer, signals: Signals) => {
    const tried = await tryOnce(mail, raw, signals, false)
    if (!wasStale(tried)) return tried
    pool.drop(tried.session)
    return tryOnce(mail, raw, signals, true)
  }

  /** The slot is free once the connection is, and the caller does not wait for it. */
  const tidyUp = async (session: Session | null, result: Accepted | SmtpFailure) => {
    if (session === null) return
    if (!('error' in result)) await pool.keep(session, false)
    else if (isUsable(result)) await pool.keep(session, true)
    else pool.drop(session)
  }

  return {
    async send(mail, signal) {
      const raw = await compose(mail, { keepBcc: false })
      const late = new AbortController()
      const timer = setTimeout(() => late.abort(), READY_TIMEOUT_MS)
      const ready = AbortSignal.any([signal, late.signal])
      const giveBack = await slots.take(1, ready)
      if (giveBack === null) {
        clearTimeout(timer)
        return outcomeOfFailure(failure('connecting', NO_SLOT), redact)
      }
      const { session, result } = await deliver(mail, raw, { signal, ready })
        .catch((error: unknown) => {
          giveBack()
          throw error
        })
        .finally(() => clearTimeout(timer))
      void tidyUp(session, result).finally(giveBack)
      return 'error' in result
        ? outcomeOfFailure(result, redact)
        : outcomeOfAccepted(result, String(mail.options.messageId), redact)
    },
    close: () => pool.close(),
  }
}

const LOST: readonly unknown[] = ['ECONNECTION', 'ESOCKET']

/** A server may close a connection that is idle just when it is used again; nothing of the mail has gone out then. */
const wasStale = (tried: {
  session: Session | null
  result: Accepted | SmtpFailure
}): tried is { session: Session; result: SmtpFailure } =>
  tried.session !== null &&
  tried.session.uses > 0 &&
  'error' in tried.result &&
  tried.result.stage === 'envelope' &&
  (tried.result.error.responseCode === 421 || LOST.includes(tried.result.error.code))

/** After a refusal the connection is as good as before, unless it stands in the middle of a mail or is being closed. */
const isUsable = ({ stage, error }: SmtpFailure): boolean =>
  (error.code === 'EENVELOPE' || error.code === 'EMESSAGE') &&
  error.responseCode !== 421 &&
  stage !== 'started'
