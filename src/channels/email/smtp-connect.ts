import type { NodemailerError } from 'nodemailer/lib/errors'
import SmtpConnection from 'nodemailer/lib/smtp-connection'
import { ABORTED, failure, NO_LOGIN_OFFERED, type SmtpFailure } from './smtp-failure.ts'
import type { SmtpSettings } from './smtp-url.ts'

/** Of its own steps; `signal` ends the whole. */
const STEP_TIMEOUT_MS = 10_000
/** Of a server that says nothing at all; longer than any attempt, which ends by its own time-out. */
const SOCKET_TIMEOUT_MS = 11 * 60_000

/** Connects and logs in; settles at once when `signal` is aborted. What does not come to be is closed. */
export const connectSmtp = (
  settings: SmtpSettings,
  signal: AbortSignal,
): Promise<{ connection: SmtpConnection } | SmtpFailure> => {
  const connection = new SmtpConnection(optionsOf(settings))
  let stage: 'connecting' | 'login' = 'connecting'
  // The pool may be done with a connection when it fails; without a listener that would end the process.
  connection.on('error', () => {})
  return new Promise((resolve) => {
    const settle = (result: { connection: SmtpConnection } | SmtpFailure) => {
      signal.removeEventListener('abort', onAbort)
      connection.off('error', onError)
      connection.off('end', onEnd)
      if ('error' in result) connection.close()
      resolve(result)
    }
    const onError = (error: NodemailerError) => settle({ stage, error })
    const onEnd = () => settle(failure(stage, 'ECONNECTION'))
    const onAbort = () => settle(failure(stage, ABORTED))
    const onLogin = (error: NodemailerError | null) => (error ? onError(error) : settle({ connection }))
    const onConnected = (error?: NodemailerError) => {
      if (error) return onError(error)
      const { login } = settings
      if (login === null) return settle({ connection })
      stage = 'login'
      // To go on without would earn a refusal that looks like the mail's own fault.
      if (!connection.allowsAuth) return settle(failure(stage, NO_LOGIN_OFFERED))
      return connection.login({ user: login.user, pass: login.password }, onLogin)
    }
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort)
    connection.on('error', onError)
    connection.on('end', onEnd)
    return connection.connect(onConnected)
  })
}

const optionsOf = (settings: SmtpSettings) => ({
  host: settings.host,
  port: settings.port,
  secure: settings.isTls,
  requireTLS: settings.needsTls,
  connectionTimeout: STEP_TIMEOUT_MS,
  greetingTimeout: STEP_TIMEOUT_MS,
  dnsTimeout: STEP_TIMEOUT_MS,
  socketTimeout: SOCKET_TIMEOUT_MS,
  // What is closed is gone, without a wait for the far side to agree.
  socketCloseTimeout: 0,
  tls: { rejectUnauthorized: !settings.takesAnyCertificate },
})
