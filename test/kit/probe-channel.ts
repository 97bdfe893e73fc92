import { Agent, request } from 'node:http'
import { type Channel, messageField, type Outcome } from '../../src/channels/index.ts'

/** So that the far side can tell who sent. */
const HEADERS = { 'user-agent': `probe/${process.pid}` }
const agent = new Agent({ keepAlive: true, maxSockets: 2_000 })

const outcomeOf = (status: number, retryAfter: string | undefined): Outcome => {
  if (status === 200) return { kind: 'delivered', providerId: 'probe-1', statusCode: status }
  if (status === 410)
    return { kind: 'rejected', reason: { code: 'gone', message: 'refused for good' }, statusCode: status }
  // A channel that lies about its own contract: delivery must not believe it.
  if (status === 299) return { kind: 'certainly' } as never
  const afterMs = retryAfter === undefined ? {} : { afterMs: Number(retryAfter) * 1000 }
  return {
    kind: 'retry',
    reason: { code: `http-${status}`, message: 'not now' },
    statusCode: status,
    ...afterMs,
  }
}

/** A channel for tests: posts the message to the receiver named in `to`, and believes what it answers. */
export const createProbeChannel = (): Channel => ({
  name: 'probe',
  provider: 'probe',
  to: 'one',
  content: { message: messageField },
  requiredContent: ['message'],
  send: (message, signal) =>
    new Promise<Outcome>((resolve) => {
      const outgoing = request(
        String(message.to),
        { method: 'POST', agent, signal, headers: HEADERS },
        (response) => {
          response.resume()
          response.on('end', () =>
            resolve(outcomeOf(response.statusCode ?? 0, response.headers['retry-after'])),
          )
          response.on('error', lost)
        },
      )
      const lost = (error: Error) =>
        resolve({ kind: 'unknown', reason: { code: 'connection-lost', message: error.message } })
      outgoing.on('error', lost)
      outgoing.end(
        JSON.stringify({
          id: message.id,
          attempt: message.attempt,
          message: message.content['message'],
          dueAt: message.dueAt,
        }),
      )
    }),
})
