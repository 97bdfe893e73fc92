import { expect, test } from 'vitest'
import { startTestApp } from '../kit/app.ts'
import { createTestDatabase } from '../kit/database.ts'
import { eventually } from '../kit/poll.ts'
import { startProcess } from '../kit/process.ts'
import { attemptsOf } from '../kit/stock.ts'
import { backendWith, hold, lapseClaims } from '../kit/session.ts'
import { createEndpoint, deliveriesOf, ENDPOINT_ENV, verified } from '../kit/webhook-endpoints.ts'
import { startWebhookReceiver } from '../kit/webhook-receiver.ts'

const site = async () => {
  const database = await createTestDatabase()
  const receiver = await startWebhookReceiver()
  const api = await startTestApp({ database, env: ENDPOINT_ENV, roles: { api: true, worker: false } })
  const workers: Awaited<ReturnType<typeof startProcess>>[] = []
  return {
    ...{ database, receiver, client: api.client },
    async worker() {
      const env = { ...ENDPOINT_ENV, DATABASE_URL: database.url, YEYAK_POLL_SECONDS: '1' }
      const started = await startProcess({ role: 'worker', env })
      workers.push(started)
      return started
    },
    async end() {
      await Promise.all(workers.map((worker) => worker.end()))
      await api.end()
      await receiver.stop()
      await database.drop()
    },
  }
}

test('kill -9 in the middle of dispatching loses no event and doubles none', async ({ onTestFinished }) => {
  const s = await site()
  onTestFinished(s.end)
  const victim = await s.worker()
  const { id, secret } = await createEndpoint(s.client, s.receiver.url, ['notification.created'])
  // Nobody can write a delivery: a pass stands between what it has read and what it makes of it.
  const held = await hold(s.database, 'lock table yeyak.webhook_deliveries in exclusive mode')
  const ids = await Promise.all(
    Array.from({ length: 30 }, (_, i) => s.client.create({ message: `${i}`, sendAt: { delay: '1h' } })),
  )
  await backendWith(s.database, 'yeyak-worker', 'webhook_deliveries', true)
  victim.kill('SIGKILL')
  await victim.exited
  await held.release()
  await s.worker()
  const items = await deliveriesOf(
    s.client,
    id,
    (all) => all.length >= ids.length && all.every((one) => one.state === 'delivered'),
    20_000,
  )
  expect(items).toHaveLength(ids.length)
  const subjects = s.receiver.received.map((one) => verified(one, secret).data.subject.id)
  expect(subjects.toSorted()).toEqual(ids.toSorted())
})

test('kill -9 in the middle of a send is taken over: sent again under the same webhook-id, recorded once', async ({
  onTestFinished,
}) => {
  const s = await site()
  onTestFinished(s.end)
  const victim = await s.worker()
  const { id, secret } = await createEndpoint(s.client, s.receiver.url, ['run.*'])
  s.receiver.answer(() => {})
  const tested = (await s.client.call('POST', `/v1/webhooks/${id}/test`)).body
  await eventually('sent', () => s.receiver.received.length === 1)
  victim.kill('SIGKILL')
  await victim.exited
  s.receiver.answer((response) => void response.writeHead(200).end())
  await lapseClaims(s.database)
  await s.worker()
  const [delivery, ...more] = await deliveriesOf(
    s.client,
    id,
    (all) => all.every((one) => one.state === 'delivered'),
    20_000,
  )
  expect([delivery.id, delivery.attempts, more]).toEqual([tested.id, 2, []])
  const [first, second, ...others] = s.receiver.received.map((one) => verified(one, secret))
  expect(others).toEqual([])
  expect(second).toEqual(first)
  const outcomes = (await attemptsOf(s.database, tested.id)).map((attempt) => attempt.outcome)
  expect(outcomes).toEqual(['unknown', 'delivered'])
})
