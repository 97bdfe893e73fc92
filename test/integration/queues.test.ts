import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { expectProblem } from '../kit/http-server.ts'
import { eventually } from '../kit/poll.ts'
import { type Receiver, startReceiver } from '../kit/receiver.ts'
import { seed } from '../kit/seed.ts'

let t: TestApp
let receiver: Receiver
beforeAll(async () => {
  ;[t, receiver] = await Promise.all([startTestApp({ env: { YEYAK_CONCURRENCY: '7' } }), startReceiver()])
})
afterAll(async () => {
  await t.end()
  await receiver.stop()
})

const queue = async (name: string) => (await t.client.call('GET', `/v1/queues/${name}`)).body
const change = (name: string, action: 'pause' | 'resume') =>
  t.client.call('POST', `/v1/queues/${name}/${action}`)

test('there is one queue a channel, in the order of their names, page by page', async () => {
  const { body, status } = await t.client.call('GET', '/v1/queues')
  expect(status).toBe(200)
  const names = body.items.map((item: { name: string }) => item.name)
  expect(names).toEqual(names.toSorted())
  expect(names).toEqual(expect.arrayContaining(['log', 'probe']))
  expect(body.nextCursor).toBeNull()
  const first = await t.client.call('GET', '/v1/queues?limit=1')
  expect(first.body.items[0].name).toBe(names[0])
  const rest = await t.client.call('GET', `/v1/queues?limit=200&cursor=${first.body.nextCursor}`)
  expect(rest.body.items.map((item: { name: string }) => item.name)).toEqual(names.slice(1))
  const falling = await t.client.call('GET', '/v1/queues?sort=-name')
  expect(falling.body.items.map((item: { name: string }) => item.name)).toEqual(names.toReversed())
})

test('a queue is found by the name of its channel and by its whole name; another is not found', async () => {
  const found = await queue('log')
  expect(found).toEqual({
    ...{ name: 'log', state: 'active', scheduled: 0, queued: 0, running: 0, perSecond: 0, concurrency: 7 },
  })
  expect(await queue('notifications.log')).toEqual(found)
  for (const method of ['GET', 'POST'] as const) {
    const missing = await t.client.call(method, `/v1/queues/lag${method === 'POST' ? '/pause' : ''}`)
    expectProblem({ ...missing, json: missing.body }, 'not-found')
  }
})

test('what waits, what is due and what is sent is counted', { timeout: 60_000 }, async () => {
  const answer = Promise.withResolvers<null>()
  receiver.behave(() => ({ kind: 'hold', until: answer.promise }))
  await seed(t.database, { count: 20, channel: 'probe', to: receiver.url })
  const one = () => t.client.create({ channel: 'probe', to: receiver.url, message: 'x', timeoutSeconds: 60 })
  const ids = await Promise.all(Array.from({ length: 10 }, one))
  await eventually('as many sent as may be', () => receiver.received.length === 7)
  // What was handed over beyond that waits as a job, or still as a timer.
  await eventually('counted', async () => {
    const { scheduled, queued, running } = await queue('probe')
    return running === 7 && queued === 3 && scheduled === 20
  })
  expect(await queue('log')).toMatchObject({ scheduled: 0, queued: 0, running: 0 })
  answer.resolve(null)
  await Promise.all(ids.map((id) => t.client.inState(id, 'delivered')))
  const after = await queue('probe')
  expect(after).toMatchObject({ scheduled: 20, queued: 0, running: 0 })
  expect(after.perSecond).toBeGreaterThan(0)
  expect(after.perSecond).toBeLessThanOrEqual(10)
})

test('of webhooks and publishing the rate is of what fell due within the last minute and has ended', async () => {
  await t.database.query(`
    insert into yeyak.webhook_deliveries (project_id, webhook_id, event_id, type, event_at, event, lane, state, due_at, next_at, finished_at)
    select 1, gen_random_uuid(), i, 'notification.failed', now(), '{}', 'webhooks', 'delivered', now() - s, now(),  now()
    from generate_series(1, 30) i, lateral (select make_interval(secs => case when i <= 12 then 5 else 90 end) as s) spans`)
  await t.database.query(`
    insert into yeyak.publications (id, project_id, type, resource_id, lane, action, due_at, next_at, state, finished_at, external)
    select gen_random_uuid(), 1, 'story', 'r' || i, 'publishing.story', 'publish', now() - interval '5 s' - i * interval '1 ms', now(),
      case when i <= 6 then 'succeeded' when i <= 8 then 'failed' else 'canceled' end, now(), true
    from generate_series(1, 9) i`)
  expect((await queue('webhooks')).perSecond).toBe(0.2)
  expect((await queue('publishing')).perSecond).toBe(0.13)
})

test('a paused queue sends nothing, takes everything, and sends it once it is resumed', async () => {
  receiver.behave(() => ({ kind: 'deliver' }))
  expect(await change('probe', 'pause')).toMatchObject({ status: 200, body: { state: 'paused' } })
  expect(await change('probe', 'pause')).toMatchObject({ status: 200, body: { state: 'paused' } })
  expect((await queue('probe')).state).toBe('paused')
  const id = await t.client.create({ channel: 'probe', to: receiver.url, message: 'held' })
  const other = await t.client.create({ message: 'not held' })
  await t.client.inState(other, 'delivered')
  expect(await t.client.get(id)).toMatchObject({ state: 'scheduled' })
  expect(await queue('probe')).toMatchObject({ scheduled: 21, queued: 0, running: 0 })
  expect(await change('notifications.probe', 'resume')).toMatchObject({
    status: 200,
    body: { name: 'probe', state: 'active' },
  })
  await t.client.inState(id, 'delivered')
  expect(await change('probe', 'resume')).toMatchObject({ status: 200, body: { state: 'active' } })
})

test('more than 100,000 are counted up to that, and history does not slow it down', async () => {
  await seed(t.database, { count: 100_500 })
  const startedMs = performance.now()
  expect(await queue('log')).toMatchObject({ scheduled: 100_000, queued: 0 })
  expect(performance.now() - startedMs).toBeLessThan(2_000)
})
