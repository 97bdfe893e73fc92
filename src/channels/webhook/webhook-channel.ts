import type { Logger } from '../../platform/log.ts'
import type { OutgoingHttp } from '../../platform/outgoing-http/index.ts'
import type { Channel } from '../channel.ts'
import { messageField } from '../fields.ts'
import { checkDraft } from './check.ts'
import { headersField, payloadField } from './fields.ts'
import { createPoster } from './poster.ts'
import { createSign } from './signature.ts'

export interface WebhookChannelOptions {
  http: Pick<OutgoingHttp, 'judge' | 'request' | 'close'>
  /** `whsec_…`, each of which signs; nothing is signed where there is none. */
  secrets: readonly string[]
  log: Logger
}

/** The same bytes in every attempt, as what is stored is: a receiver may compare them. */
const bodyOf = ({ payload, message }: Readonly<Record<string, unknown>>): Buffer =>
  Buffer.from(JSON.stringify(payload === undefined ? { message } : payload))

const givenHeaders = (headers: unknown): [name: string, value: string][] =>
  Object.entries(typeof headers === 'object' && headers !== null ? headers : {}).map(([name, value]) => [
    name,
    String(value),
  ])

/**
 * Posts JSON to a URL, as Standard Webhooks has it.
 * @throws Error where a secret is not one
 */
export const createWebhookChannel = ({ http, secrets, log }: WebhookChannelOptions): Channel => {
  const sign = createSign(secrets)
  const poster = createPoster({ http, log })
  return {
    name: 'webhook',
    provider: 'webhook',
    to: 'one',
    content: { message: messageField, payload: payloadField, headers: headersField },
    requiredContent: [['payload', 'message']],
    secretFields: ['headers'],
    check: (draft) => checkDraft(draft, poster.judge),
    async send(message, signal) {
      const body = bodyOf(message.content)
      const { id, attempt, dueAt } = message
      const headers = givenHeaders(message.content['headers'])
      return poster.post({ url: String(message.to), ...{ id, attempt, dueAt, body, sign, headers } }, signal)
    },
    close: () => poster.close(),
  }
}
