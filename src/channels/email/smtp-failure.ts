import type { NodemailerError } from 'nodemailer/lib/errors'

/**
 * How far a mail had got. `started`: some of it may have gone out, but not its end, without which no server takes it.
 * `handed-over`: all of it has, and only the answer is missing.
 */
export type Stage = 'connecting' | 'login' | 'envelope' | 'started' | 'handed-over'

export interface SmtpFailure {
  stage: Stage
  /** What nodemailer says; its message may bear addresses. */
  error: Pick<
    NodemailerError,
    'code' | 'command' | 'response' | 'responseCode' | 'originalCode' | 'rejectedErrors'
  >
}

/** Codes of our own, beside those of nodemailer. */
export const ABORTED = 'ABORTED'
export const NO_SLOT = 'NO_SLOT'
export const NO_LOGIN_OFFERED = 'NO_LOGIN_OFFERED'
export const EARLY_ANSWER = 'EARLY_ANSWER'

export const failure = (stage: Stage, code: string): SmtpFailure => ({ stage, error: { code } })
