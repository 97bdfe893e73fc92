import type { Logger } from '../../platform/log.ts'
import type { OutgoingHttp, Refusal } from '../../platform/outgoing-http/index.ts'
import { type Outcome, RESPONSE_BYTES } from '../channel.ts'
import { outcomeOf } from './outcome.ts'
import type { Sign } from './signature.ts'

/** One attempt at posting something. */
export interface Post {
  url: string
  /** `webhook-id`: the same in every attempt, so that receivers can drop a repeat. */
  id: string
  attempt: number
  dueAt: Date
  /** The same bytes in every attempt: a receiver may compare them. */
  body: Buffer
  sign: Sign
  /** Beside those of the standard and our own. */
  headers?: readonly (readonly [name: string, value: string])[]
}

/** Posts JSON to URLs, as Standard Webhooks has it: for channel `webhook`, and for endpoints that subscribe to events. */
export interface WebhookPoster {
  /** Whether the URL may be called, as far as it can be said without a look-up. */
  judge(url: string): Refusal | null
  /** Never rejects. */
  post(post: Post, signal: AbortSignal): Promise<Outcome>
  /** Ends all connections. */
  close(): Promise<void>
}

const ownHeaders = ({ id, attempt, dueAt, body, sign }: Post): [name: string, value: string][] => {
  const timestamp = Math.floor(Date.now() / 1000)
  const signature = sign(id, timestamp, body)
  return [
    ['content-type', 'application/json'],
    ['webhook-id', id],
    ['webhook-timestamp', String(timestamp)],
    ...(signature === null ? [] : [['webhook-signature', signature] satisfies [string, string]]),
    ['yeyak-attempt', String(attempt)],
    ['yeyak-due-at', dueAt.toISOString()],
  ]
}

export const createPoster = (o: {
  http: Pick<OutgoingHttp, 'judge' | 'request' | 'close'>
  log: Logger
}): WebhookPoster => ({
  judge: o.http.judge,
  async post(post, signal) {
    const { url, id, body, headers = [] } = post
    const exchange = await o.http.request({
      ...{ url, body, signal, bodyBytes: RESPONSE_BYTES },
      headers: [...headers, ...ownHeaders(post)],
    })
    if (exchange.kind === 'refused' && exchange.addresses.length > 0)
      o.log.warn(
        { id, addresses: exchange.addresses },
        'webhook: not sent, as its host resolves to addresses that are neither public nor allowed',
      )
    return outcomeOf(exchange)
  },
  close: () => o.http.close(),
})
