import { expect, test } from 'vitest'
import { createClient } from '../kit/client.ts'
import { createDeployment } from '../kit/deployment.ts'
import { eventually } from '../kit/poll.ts'
import { databaseNow } from '../kit/session.ts'
import { allDelivered, takeStock } from '../kit/stock.ts'

test.concurrent('what falls due while nothing runs is sent at the next start, with its lateness, and the log says how many', async ({
  onTestFinished,
}) => {
  const d = await createDeployment()
  onTestFinished(d.end)
  const first = await d.spawn('start')
  const client = createClient(String(first.url))
  const create = (message: string, sendAt: unknown) =>
    client.create({ channel: 'probe', to: d.receiver.url, message, sendAt })
  const missed = await Promise.all([0.8, 0.9, 1].map((delay) => create(`in ${delay}`, { delay })))
  const future = await create('still to come', { delay: '1h' })
  first.kill('SIGTERM')
  expect(await first.exited).toBe(0)
  const last = Date.parse((await d.client.get(missed[2] ?? '')).dueAt)
  await eventually('all are due', async () => (await databaseNow(d.database)).getTime() > last + 500)
  expect(d.receiver.received).toEqual([])

  const second = await d.spawn('start')
  expect((await second.logged('were due while stopped')).msg).toBe('3 were due while stopped')
  for (const id of missed) {
    const done = await d.client.inState(id, 'delivered')
    expect(done.lateMs).toBeGreaterThan(500)
    const startedLateMs = Date.parse(done.attempts[0].startedAt) - Date.parse(done.dueAt)
    expect(Math.abs(done.lateMs - startedLateMs)).toBeLessThanOrEqual(1)
  }
  // However long the start took, it was none of those.
  await d.client.call('PATCH', `/v1/notifications/${future}`, { sendAt: { delay: 0.5 } })
  expect((await d.client.inState(future, 'delivered')).lateMs).toBeLessThan(5_000)
  expect(await takeStock(d.database, d.receiver.received)).toEqual(allDelivered(4))
})

test.concurrent('a restart between POST /schedule-notification and its due time loses nothing, and starts nothing early', async ({
  onTestFinished,
}) => {
  const d = await createDeployment()
  onTestFinished(d.end)
  const first = await d.spawn('start')
  // Test and database share a clock.
  const fromMs = Date.now()
  const reply = await createClient(String(first.url)).call('POST', '/schedule-notification', {
    message: 'Hello World',
  })
  expect(reply.text).toBe('10초 뒤 알림이 예약되었습니다.')
  first.kill('SIGTERM')
  expect(await first.exited).toBe(0)
  const second = await d.spawn('start')
  const readyMs = Date.now()
  await second.logged('✅ [알림 발송 성공] Hello World')
  const [id] = (reply.headers.get('location') ?? '').split('/').slice(-1)
  const done = await d.client.inState(String(id), 'delivered')
  expect(Date.parse(done.dueAt) - fromMs).toBeGreaterThanOrEqual(10_000)
  // On a busy machine the start may end after it was due: then it is late by no more than that.
  const soonestMs = Math.max(Date.parse(done.dueAt), readyMs)
  expect(done.lateMs).toBeGreaterThanOrEqual(0)
  expect(Date.parse(done.attempts[0].startedAt) - soonestMs).toBeLessThan(5_000)
})
