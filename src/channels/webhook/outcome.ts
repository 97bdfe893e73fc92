import {
  ALLOW_SETTING,
  type Answered,
  type Exchange,
  retryAfterMs,
} from '../../platform/outgoing-http/index.ts'
import type { Outcome, Reason } from '../channel.ts'

const GONE = 410

const reasonOf = (status: number): Reason => {
  if (status === GONE) return { code: 'gone', message: 'the receiver wants nothing more (410)' }
  if (status < 400)
    return {
      code: 'redirect',
      message: `the receiver answered with a redirect (${status}), which is not followed: schedule it with the final URL`,
    }
  return { code: `http-${status}`, message: `the receiver answered ${status}` }
}

const ofAnswer = (answered: Answered): Outcome => {
  const { status, headers, body } = answered
  const known = { statusCode: status, ...(body !== '' && { answer: { response: body } }) }
  if (status < 300) return { kind: 'delivered', ...known }
  const reason = reasonOf(status)
  if (status === GONE) return { kind: 'rejected', reason, ...known }
  const afterMs = retryAfterMs(headers.get('retry-after'), headers.get('date'))
  return { kind: 'retry', reason, ...(afterMs !== null && { afterMs }), ...known }
}

/**
 * Only 410 is final. Everything else that is no success is tried again, as the standard has it: a 404, a 401 or a redirect
 * are more often a deployment or a proxy in a bad minute than the receiver's last word.
 */
export const outcomeOf = (exchange: Exchange): Outcome => {
  switch (exchange.kind) {
    case 'answered':
      return ofAnswer(exchange)
    case 'not-sent':
      return { kind: 'retry', reason: exchange.failure }
    case 'lost':
      return { kind: 'unknown', reason: exchange.failure }
    case 'refused': {
      // Not which address it is: that would tell callers what names mean inside this network.
      const { code, message } = exchange.refusal
      return {
        kind: 'rejected',
        reason:
          code === 'invalid-url'
            ? { code, message: `the URL ${message.en}` }
            : { code, message: `the host is, or resolves to, no public address: see ${ALLOW_SETTING}` },
      }
    }
  }
}
