import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const TAKEN_OVER = /^[A-Za-z0-9._-]{1,128}$/u

/**
 * Gives each request an id: the caller's own `X-Request-Id` where it is safe to log and to send back, else a
 * counter behind a prefix that no other process has. A random id for each would cost more and tell no more.
 */
export function requestIds(): (request: Pick<IncomingMessage, 'headers'>) => string {
  const prefix = randomBytes(6).toString('hex')
  let count = 0
  return (request) => {
    const own = request.headers['x-request-id']
    if (typeof own === 'string' && TAKEN_OVER.test(own)) return own
    count += 1
    return `${prefix}-${count.toString(36)}`
  }
}
