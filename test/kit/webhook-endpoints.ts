import { Webhook } from 'standardwebhooks'
import type { Client } from './client.ts'
import { eventually } from './poll.ts'
import type { ReceivedWebhook } from './webhook-receiver.ts'

/** What endpoints need: a key to seal their secrets with, and leave to call this machine. */
export const ENDPOINT_ENV = {
  YEYAK_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
  YEYAK_WEBHOOK_ALLOW: '127.0.0.1',
}

export interface Endpoint {
  id: string
  secret: string
}

export const createEndpoint = async (
  client: Client,
  url: string,
  types: readonly string[],
): Promise<Endpoint> => {
  const reply = await client.call('POST', '/v1/webhooks', { url, types })
  if (reply.status !== 201) throw new Error(`the endpoint was answered ${reply.status}: ${reply.text}`)
  return { id: reply.body.id, secret: reply.body.secret }
}

export interface ReceivedEvent {
  webhookId: string
  type: string
  timestamp: string
  data: Record<string, unknown> & {
    id: string
    subject: { kind: string; id: string }
    actor: { kind: string; id: string | null }
  }
}

/** What was received, verified by an independent library. */
export const verified = (received: ReceivedWebhook, secret: string): ReceivedEvent => {
  const headers = received.headers as Record<string, string>
  const body = new Webhook(secret).verify(received.body, headers) as Omit<ReceivedEvent, 'webhookId'>
  return { webhookId: String(headers['webhook-id']), ...body }
}

/** The endpoint's deliveries, newest first, once they are as wanted. */
export const deliveriesOf = (
  client: Client,
  id: string,
  // oxlint-disable-next-line typescript/no-explicit-any
  isWanted: (items: any[]) => boolean,
  timeoutMs?: number,
  // oxlint-disable-next-line typescript/no-explicit-any
): Promise<any[]> =>
  eventually(
    `the deliveries of ${id}`,
    async () => {
      const { items } = (await client.call('GET', `/v1/webhooks/${id}/deliveries?limit=200`)).body
      return isWanted(items) && items
    },
    timeoutMs,
  )
