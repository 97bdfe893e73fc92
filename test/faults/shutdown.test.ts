import { expect, test } from 'vitest'
import { createClient } from '../kit/client.ts'
import { createDeployment } from '../kit/deployment.ts'
import { eventually } from '../kit/poll.ts'
import { holdNotification, jobIs } from '../kit/session.ts'
import { allDelivered, attemptsOf, takeStock } from '../kit/stock.ts'

const outcomes = (item: { attempts: { outcome: string }[] }) => item.attempts.map((a) => a.outcome)

test.concurrent('a stop lets finish what runs, puts back what had not begun, and cuts off what hangs: nothing of it counts', async ({
  onTestFinished,
}) => {
  const d = await createDeployment({ env: { YEYAK_SHUTDOWN_SECONDS: '1' } })
  onTestFinished(d.end)
  d.receiver.behave((r) => {
    if (r.attempt > 1) return { kind: 'deliver' }
    if (r.message === 'hangs') return { kind: 'hang' }
    return r.message === 'slow' ? { kind: 'late', ms: 600 } : { kind: 'deliver' }
  })
  const worker = await d.spawn('worker')
  // No try after the first: if the cut-off counted, it would be the end.
  const hangs = await d.schedule('hangs', { retry: { limit: 0 }, timeoutSeconds: 60 })
  const stops = await d.schedule('hangs', { onUnknown: 'stop', timeoutSeconds: 60 })
  const claimed = await d.schedule('claimed', { sendAt: { delay: 0.2 } })
  const held = await holdNotification(d.database, claimed)
  await jobIs(d.database, claimed, 'active')
  const slow = await d.schedule('slow')
  await eventually('all in the send', () => d.receiver.received.length === 3)

  worker.kill('SIGTERM')
  expect(await worker.exited).toBe(0)
  await held.release()
  expect(await d.client.get(slow)).toMatchObject({ state: 'delivered', attemptCount: 1 })
  expect(await d.client.get(claimed)).toMatchObject({ attemptCount: 0, attempts: [] })
  const cutOff = await d.client.get(hangs)
  expect(cutOff).toMatchObject({ state: 'retrying', attemptCount: 1 })
  expect(outcomes(cutOff)).toEqual(['unknown'])
  expect(await d.client.get(stops)).toMatchObject({ state: 'failed', reason: 'outcome_unknown' })
  // Timers again, not claims that somebody would have to wait for.
  const [left] = await d.database.query<{ timers: number; jobs: number }>(
    `select (select count(*) from yeyak.timers)::int as timers, (select count(*) from yeyak_queue.job_common)::int as jobs`,
  )
  expect(left).toEqual({ timers: 2, jobs: 0 })

  await d.spawn('worker')
  expect(outcomes(await d.client.inState(hangs, 'delivered'))).toEqual(['unknown', 'delivered'])
  expect(outcomes(await d.client.inState(claimed, 'delivered'))).toEqual(['delivered'])
  expect(d.receiver.received.filter((r) => r.id === hangs).map((r) => r.attempt)).toEqual([1, 2])
  expect(d.receiver.received.filter((r) => r.id === stops)).toHaveLength(1)
})

test.concurrent('a second signal ends it at once, and the next start makes good what it left', async ({
  onTestFinished,
}) => {
  const d = await createDeployment({ env: { YEYAK_SHUTDOWN_SECONDS: '60' } })
  onTestFinished(d.end)
  d.receiver.behave((r) => (r.attempt === 1 ? { kind: 'hang' } : { kind: 'deliver' }))
  const worker = await d.spawn('worker')
  const id = await d.schedule('hangs', { timeoutSeconds: 60 })
  await eventually('in the send', () => d.receiver.received.length === 1)
  worker.kill('SIGTERM')
  await worker.logged('again to end at once')
  // What comes within a moment of the first is taken for its echo, as npm makes one.
  const again = () => {
    worker.kill('SIGTERM')
    return worker.hasEnded
  }
  await eventually('ended at once', again, 2_000)
  expect(await worker.exited).toBe(143)
  await d.spawn('worker')
  expect(outcomes(await d.client.inState(id, 'delivered', 20_000))).toEqual(['unknown', 'delivered'])
})

test.concurrent('a rolling restart under load loses nothing and sends nothing twice', async ({
  onTestFinished,
}) => {
  const d = await createDeployment()
  onTestFinished(d.end)
  d.receiver.behave(() => ({ kind: 'late', ms: 30 }))
  let workers = await Promise.all([d.spawn('start'), d.spawn('start')])
  const accepted: string[] = []
  let over = false
  const post = async (caller: number): Promise<void> => {
    for (let i = 0; !over; i += 1) {
      const { url } = workers[caller % 2] ?? {}
      // Refused while it drains, or gone: a caller tries elsewhere. What was accepted is counted.
      const reply = await createClient(String(url))
        .call('POST', '/v1/notifications', {
          ...{ channel: 'probe', to: d.receiver.url, message: `${caller}.${i}` },
          sendAt: { delay: (i % 10) / 20 },
        })
        .catch(() => null)
      if (reply?.status === 201) accepted.push(reply.body.id)
    }
  }
  const callers = Array.from({ length: 4 }, (_, caller) => post(caller))
  for (const turn of [0, 1, 0]) {
    const before = accepted.length
    await eventually('more accepted', () => accepted.length > before + 100)
    const old = workers[turn]
    old?.kill('SIGTERM')
    expect(await old?.exited).toBe(0)
    workers = workers.with(turn, await d.spawn('start')) as typeof workers
  }
  over = true
  await Promise.all(callers)
  const stock = await eventually(
    'all delivered',
    async () => {
      const now = await takeStock(d.database, d.receiver.received)
      return now.open.length === 0 && now.waits === 0 && now
    },
    20_000,
  )
  expect(stock).toEqual(allDelivered(stock.states['delivered'] ?? 0))
  expect((await attemptsOf(d.database)).every((attempt) => attempt.number === 1)).toBe(true)
  const received = new Set(d.receiver.received.map((r) => r.id))
  expect(accepted.filter((id) => !received.has(id))).toEqual([])
})
