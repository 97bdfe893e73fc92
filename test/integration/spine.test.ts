import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { eventually } from '../kit/poll.ts'
import { type Receiver, startReceiver } from '../kit/receiver.ts'

let t: TestApp
let receiver: Receiver
beforeAll(async () => {
  ;[t, receiver] = await Promise.all([startTestApp(), startReceiver()])
})
afterAll(async () => {
  await t.end()
  await receiver.stop()
})

test('a notification starts at its time, never early, and its outcome is on record', async () => {
  const id = await t.client.create({
    channel: 'probe',
    to: receiver.url,
    message: 'one',
    sendAt: { delay: 0.3 },
  })
  const done = await t.client.inState(id, 'delivered')
  expect(done.lateMs).toBeGreaterThanOrEqual(0)
  expect(done.lateMs).toBeLessThan(500)
  expect(done.attempts).toMatchObject([
    { number: 1, outcome: 'delivered', provider: 'probe', providerId: 'probe-1', statusCode: 200 },
  ])
  expect(receiver.received.filter((r) => r.id === id)).toHaveLength(1)
})

test('what fails for a while is tried again by its own policy, and the timeline adds up', async () => {
  receiver.behave((r) => (r.message === 'twice' && r.attempt < 3 ? { kind: 'fail' } : { kind: 'deliver' }))
  const id = await t.client.create({
    channel: 'probe',
    to: receiver.url,
    message: 'twice',
    retry: { delaySeconds: 0.1, backoff: 'fixed' },
  })
  const done = await t.client.inState(id, 'delivered')
  expect(done.attempts.map((a: { outcome: string }) => a.outcome)).toEqual(['failed', 'failed', 'delivered'])
  const { body } = await t.client.call('GET', `/v1/notifications/${id}/timeline`)
  const waits = body.items.reduce((sum: number, item: { waitMs: number }) => sum + item.waitMs, 0)
  expect(waits).toBe(Date.parse(body.items.at(-1).at) - Date.parse(body.items[0].at))
})

test('pg-boss’s table is empty once everything is settled', async () => {
  const left = await eventually('no job left', async () => {
    const [row] = await t.database.query<{ n: number }>(
      `select count(*)::int as n from yeyak_queue.job where state <= 'active'`,
    )
    return row?.n === 0
  })
  expect(left).toBe(true)
})
