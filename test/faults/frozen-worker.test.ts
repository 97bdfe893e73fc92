import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createDeployment } from '../kit/deployment.ts'
import { eventually } from '../kit/poll.ts'
import { rescueClaims } from '../kit/session.ts'
import { attemptsOf } from '../kit/stock.ts'

/** A claim lapses after 10 s, and is noticed within 5 s more. */
const FROZEN_MS = 16_000

test.concurrent('a worker that stood still is taken over, and on its return ends nothing that another has', async ({
  onTestFinished,
}) => {
  const d = await createDeployment()
  onTestFinished(d.end)
  const first = Promise.withResolvers<null>()
  const second = Promise.withResolvers<null>()
  d.receiver.behave((r) => {
    if (r.attempt === 1) return { kind: 'hold', until: first.promise }
    return r.message === 'still being sent' ? { kind: 'hold', until: second.promise } : { kind: 'deliver' }
  })
  const frozen = await d.spawn('worker')
  const done = await d.schedule('delivered meanwhile', { timeoutSeconds: 60 })
  const sending = await d.schedule('still being sent', { timeoutSeconds: 60 })
  await eventually('both in the send', () => d.receiver.received.length === 2)
  await d.spawn('worker')
  frozen.kill('SIGSTOP')
  const frozenAt = performance.now()
  // Answered while it cannot hear it.
  first.resolve(null)
  const meanwhile = await d.client.inState(done, 'delivered', FROZEN_MS)
  await eventually('sent again', () => d.receiver.received.some((r) => r.id === sending && r.attempt === 2))
  await sleep(Math.max(0, frozenAt + FROZEN_MS - performance.now()))

  frozen.kill('SIGCONT')
  // It may say what became of its own attempt, and nothing else.
  const amended = (id: string) =>
    eventually(`attempt 1 of ${id} amended`, async () => {
      const [attempt] = await attemptsOf(d.database, id)
      return attempt?.outcome === 'delivered'
    })
  await Promise.all([amended(done), amended(sending)])
  expect(await d.client.get(done)).toMatchObject({ state: 'delivered', version: meanwhile.version })
  expect(await d.client.get(sending)).toMatchObject({ state: 'sending', attemptCount: 2 })
  second.resolve(null)
  await d.client.inState(sending, 'delivered')
  const ends = await d.database.query(
    `select subject_id, count(*)::int as n from yeyak.events where type = 'notification.delivered' group by 1`,
  )
  expect(ends.map((row) => row['n'])).toEqual([1, 1])
  for (const id of [done, sending])
    expect(d.receiver.received.filter((r) => r.id === id).map((r) => r.attempt)).toEqual([1, 2])
})

test.concurrent('a worker that is given what it still has in hand keeps its new claim alive', async ({
  onTestFinished,
}) => {
  const d = await createDeployment({ env: { YEYAK_POLL_SECONDS: '1' } })
  onTestFinished(d.end)
  const first = Promise.withResolvers<null>()
  const second = Promise.withResolvers<null>()
  d.receiver.behave((r) => ({ kind: 'hold', until: r.attempt === 1 ? first.promise : second.promise }))
  await d.spawn('worker')
  const id = await d.schedule('long', { timeoutSeconds: 60 })
  await eventually('in the send', () => d.receiver.received.length === 1)
  // Another worker took it for lost, and was itself too busy to take what it had freed.
  await rescueClaims(d.database)
  await eventually('sent again', () => d.receiver.received.length === 2)
  first.resolve(null)
  // Longer than a claim lives that nobody renews, and than it takes to be noticed.
  await sleep(13_000)
  second.resolve(null)
  const done = await d.client.inState(id, 'delivered')
  expect(done.attempts.map((a: { outcome: string }) => a.outcome)).toEqual(['delivered', 'delivered'])
  expect(d.receiver.received.map((r) => r.attempt)).toEqual([1, 2])
})
