import { outcomeOfFailure } from './outcome.ts'
import { createRedact } from './redact.ts'
import { connectSmtp } from './smtp-connect.ts'
import { parseSmtpUrl } from './smtp-url.ts'

export type SmtpCheck =
  | { ok: true; host: string; port: number; isTls: boolean; hasLogin: boolean }
  /** Without a secret of the URL. */
  | { ok: false; host: string; port: number; reason: string }

/**
 * Connects, says EHLO, begins TLS where it is offered and logs in, as a send would; no mail is sent.
 * @throws Error where the URL cannot be read; it does not show it
 */
export const checkSmtp = async (url: string, signal: AbortSignal): Promise<SmtpCheck> => {
  const settings = parseSmtpUrl(url)
  const { host, port, login } = settings
  const result = await connectSmtp(settings, signal)
  if ('error' in result) {
    const outcome = outcomeOfFailure(result, createRedact(login))
    const reason = 'reason' in outcome ? outcome.reason.message : 'it did not succeed'
    return { ok: false, host, port, reason }
  }
  const isTls = result.connection.secure
  result.connection.quit()
  return { ok: true, host, port, isTls, hasLogin: login !== null }
}
