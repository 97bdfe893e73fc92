import { request } from 'node:http'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDeployment, type Deployment } from '../kit/deployment.ts'
import { eventually } from '../kit/poll.ts'
import type { YeyakProcess } from '../kit/process.ts'

const MEGABYTE = 1024 * 1024

let d: Deployment
let server: YeyakProcess
beforeAll(async () => {
  d = await createDeployment()
  // The V8 limits of `npm start`: without a limit on bodies this process would end.
  server = await d.spawn('api', { nodeArgs: ['--max-old-space-size=160', '--max-semi-space-size=16'] })
})
afterAll(() => d.end())

interface Reply {
  status: number | undefined
  retryAfter: string | undefined
  body: unknown
}

/** A request whose headers have gone out, and the first half of its body; `finish` sends the rest. */
const begin = (path: string, body: string) => {
  let isAnswered = false
  const outgoing = request(new URL(path, server.url ?? ''), {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
  })
  const reply = new Promise<Reply>((resolve, reject) => {
    outgoing.on('response', (response) => {
      isAnswered = true
      json(response).then(
        (value) =>
          resolve({ status: response.statusCode, retryAfter: response.headers['retry-after'], body: value }),
        reject,
      )
    })
    // One that was refused early may be cut off while it is still sent.
    outgoing.on('error', (error) => (isAnswered ? undefined : reject(error)))
  })
  const half = Math.floor(body.length / 2)
  outgoing.write(body.slice(0, half))
  return { reply, isAnswered: () => isAnswered, finish: () => outgoing.end(body.slice(half)) }
}

test(
  '300 large bodies at once are taken or refused with 503 and Retry-After, and the process goes on',
  { timeout: 60_000 },
  async () => {
    const body = JSON.stringify({ message: 'x'.repeat(255 * 1024), sendAt: { delay: '1h' } })
    // All are announced before any is whole, so that nothing depends on how fast they are sent.
    const requests = Array.from({ length: 300 }, () => begin('/v1/notifications', body))
    const answered = () => requests.filter((one) => one.isAnswered()).length
    const fitting = Math.floor((32 * MEGABYTE) / Buffer.byteLength(body))
    await eventually('the answers to what did not fit', () => answered() === 300 - fitting)
    for (const one of requests) one.finish()
    const replies = await Promise.all(requests.map((one) => one.reply))
    const refused = replies.filter((reply) => reply.status !== 201)
    expect(replies.length).toBeGreaterThan(refused.length)
    expect(refused.length).toBeGreaterThan(0)
    for (const reply of refused) {
      expect(reply).toMatchObject({
        status: 503,
        retryAfter: '1',
        body: { code: 'unavailable', reason: 'overloaded' },
      })
    }
    const [row] = await d.database.query<{ n: number }>('select count(*)::int as n from yeyak.notifications')
    expect(row?.n).toBe(replies.length - refused.length)
    const health = await fetch(new URL('/healthz', server.url ?? ''))
    expect(health.status).toBe(200)
  },
)

test(
  'batches of 30 MB at once: some are taken whole, the others are refused whole',
  { timeout: 60_000 },
  async () => {
    const message = 'x'.repeat(250 * 1024)
    const notifications = Array.from({ length: 110 }, (_, i) => ({
      message,
      tags: [`${i}`],
      sendAt: { delay: '1h' },
    }))
    const body = JSON.stringify({ notifications })
    expect(body.length).toBeGreaterThan(26 * MEGABYTE)
    const before = await d.database.query('select 1 from yeyak.notifications')
    const statuses = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const response = await fetch(new URL('/v1/notifications/batch', server.url ?? ''), {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        })
        await response.arrayBuffer()
        return response.status
      }),
    )
    expect(statuses).toContain(201)
    for (const status of statuses) expect([201, 503]).toContain(status)
    const after = await d.database.query('select 1 from yeyak.notifications')
    expect(after.length - before.length).toBe(110 * statuses.filter((status) => status === 201).length)
  },
)
