import type { NodemailerError } from 'nodemailer/lib/errors'
import { type Answer, type Outcome, type Reason, RESPONSE_BYTES } from '../channel.ts'
import type { Redact } from './redact.ts'
import { ABORTED, EARLY_ANSWER, NO_LOGIN_OFFERED, NO_SLOT, type SmtpFailure } from './smtp-failure.ts'
import type { Accepted } from './smtp-send.ts'

/** The server wants a login, another one or TLS, or lost track of the session: not the fault of the mail. */
const OPERATORS_FAULT: readonly number[] = [503, 530, 534, 535, 538]
const QUEUED_AS = /\bqueued(?: mail for delivery)?(?: as|:)? (\S+)|\bid=(\S+)/iu

export const outcomeOfAccepted = (
  { response, rejectedErrors }: Accepted,
  messageId: string,
  redact: Redact,
): Outcome => {
  const [, as, id] = QUEUED_AS.exec(response) ?? []
  return {
    kind: 'delivered',
    providerId: as ?? id ?? messageId,
    ...statusOf(Number.parseInt(response, 10)),
    answer: { ...rejectedOf(rejectedErrors, redact), response: cut(redact(response)) },
  }
}

export const outcomeOfFailure = ({ stage, error }: SmtpFailure, redact: Redact): Outcome => {
  const status = error.responseCode
  const outcome = verdict({ stage, error }, redact)
  return { ...outcome, ...statusOf(status), ...answerOf(error, redact) }
}

const verdict = ({ stage, error }: SmtpFailure, redact: Redact): Outcome => {
  const { code, command, responseCode: status = 0 } = error
  const said = (text: string) => (error.response === undefined ? text : `${text}: ${redact(error.response)}`)
  // Only a clear no to the mail itself counts once it is out. Anything else, and it may have been taken.
  const isClear = command === 'DATA' && status >= 400 && status <= 599
  if (stage === 'handed-over' && !isClear)
    return unknown('smtp-no-answer', 'the whole mail was sent, and then no answer to it came')
  if (code === NO_LOGIN_OFFERED)
    return retry('smtp-login', 'YEYAK_SMTP_URL has a user, and the mail server offers no login')
  if (code === 'EAUTH' || stage === 'login')
    return retry('smtp-login', said('the login of YEYAK_SMTP_URL did not succeed'))
  if (OPERATORS_FAULT.includes(status))
    return retry('smtp-login', said('the mail server does not take mails from here'))
  if (stage === 'connecting') return retry(...whyNotConnected(error, said))
  if (status >= 400 && status <= 499) return retry('smtp-deferred', said('not now, says the mail server'))
  if (status >= 500 && status <= 599) return rejected('smtp-refused', said('the mail server refused it'))
  if (code === 'EMESSAGE' && error.response === undefined)
    return rejected('smtp-too-large', 'the mail is larger than the mail server takes')
  if (code === 'EENVELOPE')
    return rejected('smtp-refused', said('the mail server cannot be told the addresses'))
  return retry(...whyLost(code))
}

const whyNotConnected = (
  { code, originalCode }: SmtpFailure['error'],
  said: (text: string) => string,
): [code: string, message: string] => {
  const detail = originalCode === undefined ? '' : ` (${originalCode})`
  if (code === ABORTED) return ['smtp-timeout', 'the mail server was not reached in time']
  if (code === NO_SLOT) return ['smtp-busy', 'no connection to the mail server was free in time']
  if (code === 'ETIMEDOUT') return ['smtp-timeout', 'the mail server did not answer in time']
  if (code === 'EDNS') return ['smtp-unreachable', `the name of the mail server cannot be found${detail}`]
  if (code === 'ETLS' || /CERT|TLS|SSL|SIGNATURE|ISSUER/u.test(originalCode ?? ''))
    return ['smtp-tls', said(`no secure connection to the mail server came about${detail}`)]
  return ['smtp-unreachable', said(`no connection to the mail server came about${detail}`)]
}

const whyLost = (code: string | undefined): [code: string, message: string] => {
  if (code === ABORTED || code === 'ETIMEDOUT')
    return ['smtp-timeout', 'the mail server did not answer in time, before it had the whole mail']
  if (code === EARLY_ANSWER) return ['smtp-protocol', 'the mail server answered before it had the whole mail']
  return ['smtp-connection-lost', 'the connection was lost before the mail server had the whole mail']
}

const answerOf = (error: SmtpFailure['error'], redact: Redact): { answer?: Answer } => {
  const answer = {
    ...rejectedOf(error.rejectedErrors ?? [], redact),
    ...(error.response !== undefined && { response: cut(redact(error.response)) }),
  }
  return Object.keys(answer).length === 0 ? {} : { answer }
}

const rejectedOf = (errors: readonly NodemailerError[], redact: Redact): Pick<Answer, 'rejected'> =>
  errors.length === 0
    ? {}
    : {
        rejected: errors.map((error) => ({
          address: error.recipient ?? '',
          message: redact(error.response ?? ''),
        })),
      }

const statusOf = (status: number | undefined): { statusCode?: number } =>
  status === undefined || Number.isNaN(status) ? {} : { statusCode: status }

const cut = (text: string): string => Buffer.from(text).subarray(0, RESPONSE_BYTES).toString('utf8')

const reason = (code: string, message: string): { reason: Reason } => ({ reason: { code, message } })
const retry = (code: string, message: string): Outcome => ({ kind: 'retry', ...reason(code, message) })
const rejected = (code: string, message: string): Outcome => ({ kind: 'rejected', ...reason(code, message) })
const unknown = (code: string, message: string): Outcome => ({ kind: 'unknown', ...reason(code, message) })
