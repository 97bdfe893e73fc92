import { type Logger, oneLine } from '../../platform/log.ts'
import type { Channel, Outcome } from '../channel.ts'
import type { Mailbox } from './addresses.ts'
import { createCaptureTransport } from './capture-transport.ts'
import { checkDraft, textsOf } from './check.ts'
import { CONTENT_LIMITS, contentFields, requiredContent } from './fields.ts'
import { mailboxOf, toMail } from './message.ts'
import { createSmtpTransport } from './smtp-transport.ts'
import { parseSmtpUrl } from './smtp-url.ts'
import type { Transport } from './transport.ts'

/**
 * How mails leave. `smtp`: to the server of `url` (`YEYAK_SMTP_URL`); `from` (`YEYAK_SMTP_FROM`) may be empty, then each
 * mail has to name its own. `capture`: into `<directory>/<id>.eml`. `none`: they are refused when they are scheduled.
 */
export type EmailTransport =
  | { kind: 'smtp'; url: string; from: string }
  | { kind: 'capture'; directory: string; from: string }
  | { kind: 'none' }

export interface EmailChannel extends Channel {
  /** As many mails are worth beginning at once: more would only wait for a connection, and fail when none is free in time. */
  readonly concurrency: number
}

/** While one mail is on a connection, the next is made ready. */
const MAILS_PER_CONNECTION = 2
/** Without a mail server: files, or nothing at all. */
const OTHERS_AT_ONCE = 50
const CAPTURE_FROM = 'Yeyak <yeyak@localhost>'

/**
 * Channel `email`: one message to all of `to`, `cc` and `bcc`. Connects to nothing before the first mail.
 * @throws Error naming the setting, where `YEYAK_SMTP_URL` or `YEYAK_SMTP_FROM` cannot be read
 */
export const createEmailChannel = (o: { transport: EmailTransport; log: Logger }): EmailChannel => {
  const { transport: to } = o
  const { transport, concurrency } = transportOf(to)
  const defaultFrom =
    to.kind === 'none' ? null : senderOf(to.from || (to.kind === 'capture' ? CAPTURE_FROM : ''))

  return {
    name: 'email',
    provider: to.kind === 'capture' ? 'capture' : 'smtp',
    to: 'many',
    concurrency,
    content: contentFields,
    requiredContent,
    limits: CONTENT_LIMITS,
    check: (draft) => checkDraft(draft, { transport: transport !== null, from: defaultFrom !== null }),
    async send(message, signal) {
      const [own] = textsOf(message.content['from'])
      const from = own === undefined ? defaultFrom : mailboxOf(own)
      // Scheduled by a server that was configured, due at one that is not.
      if (transport === null) return notConfigured('YEYAK_SMTP_URL')
      if (from === null) return notConfigured('YEYAK_SMTP_FROM')
      const outcome = await transport.send(toMail(message, from), signal)
      if (outcome.kind === 'delivered') o.log.info(`Email sent to ${oneLine(textsOf(message.to).join(', '))}`)
      return outcome
    },
    close: async () => transport?.close(),
  }
}

const transportOf = (to: EmailTransport): { transport: Transport | null; concurrency: number } => {
  if (to.kind === 'none') return { transport: null, concurrency: OTHERS_AT_ONCE }
  if (to.kind === 'capture')
    return { transport: createCaptureTransport(to.directory), concurrency: OTHERS_AT_ONCE }
  const settings = parseSmtpUrl(to.url)
  return { transport: createSmtpTransport(settings), concurrency: settings.pool * MAILS_PER_CONNECTION }
}

const senderOf = (from: string): Mailbox | null => {
  if (from === '') return null
  try {
    return mailboxOf(from)
  } catch (error) {
    throw new Error('YEYAK_SMTP_FROM is not an address such as Yeyak <yeyak@example.com>', { cause: error })
  }
}

const notConfigured = (setting: string): Outcome => ({
  kind: 'retry',
  reason: { code: 'channel-not-configured', message: `this worker has no ${setting}` },
})
