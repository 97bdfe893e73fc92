import { expect, onTestFinished, test } from 'vitest'
import { createDeployment } from '../kit/deployment.ts'
import { eventually } from '../kit/poll.ts'
import { attemptsOf, takeStock } from '../kit/stock.ts'

const COUNT = 600

test('two workers on one database share the work and never deliver the same attempt', async () => {
  const d = await createDeployment()
  onTestFinished(d.end)
  // Few slots each, so that neither can take everything by itself.
  const env = { YEYAK_CONCURRENCY: '20', YEYAK_BATCH_SIZE: '10' }
  await Promise.all([d.spawn('worker', { env }), d.spawn('worker', { env })])
  // One in three fails once: its second attempt is raced for like its first.
  d.receiver.behave((r) =>
    r.attempt === 1 && Number(r.message) % 3 === 0 ? { kind: 'fail' } : { kind: 'late', ms: 20 },
  )
  const retry = { delaySeconds: 0.05, backoff: 'fixed' }
  await Promise.all(
    Array.from({ length: COUNT }, (_, i) =>
      // Half of them at one instant, the others spread: the alarms race for single timers and for whole batches.
      d.schedule(String(i), { retry, sendAt: { delay: i % 2 === 0 ? 1 : i / COUNT } }),
    ),
  )
  const stock = await eventually(
    'all delivered',
    async () => {
      const now = await takeStock(d.database, d.receiver.received)
      return now.open.length === 0 && now.waits === 0 && now
    },
    20_000,
  )
  expect(stock).toMatchObject({ states: { delivered: COUNT }, doubles: [], early: [], unrecorded: [] })
  expect(d.receiver.received).toHaveLength(COUNT + COUNT / 3)
  expect(await attemptsOf(d.database)).toHaveLength(COUNT + COUNT / 3)

  const shares = Map.groupBy(d.receiver.received, (r) => r.by)
  expect([...shares.keys()]).toHaveLength(2)
  for (const share of shares.values()) expect(share.length).toBeGreaterThan(COUNT / 10)
})
