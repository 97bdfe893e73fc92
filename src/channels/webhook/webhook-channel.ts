import type { Logger } from '../../platform/log.ts'
import type { OutgoingHttp } from '../../platform/outgoing-http/index.ts'
import { type Channel, type Message, RESPONSE_BYTES } from '../channel.ts'
import { messageField } from '../fields.ts'
import { checkDraft } from './check.ts'
import { headersField, payloadField } from './fields.ts'
import { outcomeOf } from './outcome.ts'
import { createSign, type Sign } from './signature.ts'

export interface WebhookChannelOptions {
  http: Pick<OutgoingHttp, 'judge' | 'request' | 'close'>
  /** `whsec_…`, each of which signs; nothing is signed where there is none. */
  secrets: readonly string[]
  log: Logger
}

/** The same bytes in every attempt, as what is stored is: a receiver may compare them. */
const bodyOf = ({ payload, message }: Readonly<Record<string, unknown>>): Buffer =>
  Buffer.from(JSON.stringify(payload === undefined ? { message } : payload))

const ownHeaders = (message: Message, body: Buffer, sign: Sign): [name: string, value: string][] => {
  const timestamp = Math.floor(Date.now() / 1000)
  const signature = sign(message.id, timestamp, body)
  return [
    ['content-type', 'application/json'],
    ['webhook-id', message.id],
    ['webhook-timestamp', String(timestamp)],
    ...(signature === null ? [] : [['webhook-signature', signature] satisfies [string, string]]),
    ['yeyak-attempt', String(message.attempt)],
    ['yeyak-due-at', message.dueAt.toISOString()],
  ]
}

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
  return {
    name: 'webhook',
    provider: 'webhook',
    to: 'one',
    content: { message: messageField, payload: payloadField, headers: headersField },
    requiredContent: [['payload', 'message']],
    check: (draft) => checkDraft(draft, http.judge),
    async send(message, signal) {
      const body = bodyOf(message.content)
      const exchange = await http.request({
        url: String(message.to),
        headers: [...givenHeaders(message.content['headers']), ...ownHeaders(message, body, sign)],
        body,
        bodyBytes: RESPONSE_BYTES,
        signal,
      })
      if (exchange.kind === 'refused' && exchange.addresses.length > 0)
        log.warn(
          { id: message.id, addresses: exchange.addresses },
          'webhook: not sent, as its host resolves to addresses that are neither public nor allowed',
        )
      return outcomeOf(exchange)
    },
    close: () => http.close(),
  }
}
