import { expect, onTestFinished, test } from 'vitest'
import { createClient } from '../kit/client.ts'
import { createDeployment, type Deployment } from '../kit/deployment.ts'
import { operationEnded, readOperation } from '../kit/operations.ts'
import { eventually } from '../kit/poll.ts'
import { seed } from '../kit/seed.ts'
import { seedStories } from '../kit/stories.ts'
import { takeStock } from '../kit/stock.ts'

/** How many rows there are of each kind that a bulk change writes, so that doubles and losses show. */
const tally = async (d: Deployment, operationId: string) => {
  const [row] = await d.database.query<Record<string, number>>(
    `select
       (select count(*)::int from yeyak.notifications where state = 'canceled') as canceled,
       (select count(*)::int from yeyak.notifications where state = 'canceled' and generation = 2) as once,
       (select count(*)::int from yeyak.timers) as timers,
       (select count(*)::int from yeyak.events where type = 'notification.canceled') as events,
       (select count(*)::int from yeyak.operation_items where operation_id = $1) as items`,
    [operationId],
  )
  return row
}

test(
  'a bulk cancel of 100,000 that is interrupted by kill -9 goes on after a restart: each canceled once',
  {
    timeout: 120_000,
  },
  async () => {
    const d = await createDeployment()
    onTestFinished(d.end)
    await seed(d.database, { count: 100_000, tag: 'all' })
    const first = await d.spawn('start')
    const reply = await createClient(String(first.url)).call('POST', '/v1/notifications/cancel', {
      filter: { tag: 'all' },
    })
    expect(reply.status).toBe(202)
    const { id } = reply.body
    await eventually('it is under way', async () => (await readOperation(d.client, id)).matched >= 5_000)
    first.kill('SIGKILL')
    await first.exited

    // What is on record is what was done, at any moment.
    const half = await readOperation(d.client, id)
    expect(half.state).toBe('running')
    expect(half.matched).toBeLessThan(100_000)
    const canceled = half.changed
    expect(await tally(d, id)).toEqual({
      ...{ canceled, once: canceled, timers: 100_000 - canceled, events: canceled, items: canceled },
    })

    // As if its lease had lapsed: that takes 15 s.
    await d.database.query('update yeyak.operations set leased_until = now() where finished_at is null')
    await d.spawn('start')
    expect(await operationEnded(d.client, id, 60_000)).toMatchObject({
      ...{ state: 'done', matched: 100_000, changed: 100_000, tooLate: 0 },
    })
    expect(await tally(d, id)).toEqual({
      ...{ canceled: 100_000, once: 100_000, timers: 0, events: 100_000, items: 100_000 },
    })
  },
)

test(
  'a bulk cancel of publications that is interrupted by kill -9 goes on after a restart: each canceled once',
  { timeout: 60_000 },
  async () => {
    const d = await createDeployment()
    onTestFinished(d.end)
    const COUNT = 6_000
    await seedStories(d.database, { count: COUNT, inSeconds: 86_400 })
    const first = await d.spawn('start')
    const { body } = await createClient(String(first.url)).call('POST', '/v1/publications/cancel', {
      ...{ filter: { type: 'story' }, ratePerSecond: 3_000 },
    })
    await eventually('it is under way', async () => (await readOperation(d.client, body.id)).matched >= 500)
    first.kill('SIGKILL')
    await first.exited

    const tallied = async () =>
      (
        await d.database.query(
          `select (select count(*)::int from yeyak.publications where state = 'canceled' and generation = 2) as once,
             (select count(*)::int from yeyak.timers) as timers,
             (select count(*)::int from yeyak.content where status = 'draft') as drafts,
             (select count(*)::int from yeyak.events where type = 'content.unscheduled') as events,
             (select count(*)::int from yeyak.operation_items where operation_id = $1) as items`,
          [body.id],
        )
      )[0]
    const { state, changed } = await readOperation(d.client, body.id)
    expect(state).toBe('running')
    expect(changed).toBeLessThan(COUNT)
    const done = (n: number) => ({ once: n, timers: COUNT - n, drafts: n, events: n, items: n })
    expect(await tallied()).toEqual(done(changed))

    await d.database.query('update yeyak.operations set leased_until = now() where finished_at is null')
    await d.spawn('start')
    expect(await operationEnded(d.client, body.id, 30_000)).toMatchObject({ state: 'done', changed: COUNT })
    expect(await tallied()).toEqual(done(COUNT))
  },
)

test('a process that drains leaves the rest to the next one, at once', { timeout: 60_000 }, async () => {
  const d = await createDeployment()
  onTestFinished(d.end)
  await seed(d.database, { count: 400, tag: 'all' })
  const first = await d.spawn('start')
  const { body } = await createClient(String(first.url)).call('POST', '/v1/notifications/cancel', {
    ...{ filter: { tag: 'all' }, ratePerSecond: 100 },
  })
  await eventually('it is under way', async () => (await readOperation(d.client, body.id)).matched >= 20)
  first.kill('SIGTERM')
  expect(await first.exited).toBe(0)
  const [left] = await d.database.query<{ free: boolean; state: string }>(
    'select leased_until is null as free, state from yeyak.operations where id = $1',
    [body.id],
  )
  expect(left).toEqual({ free: true, state: 'running' })
  await d.spawn('start')
  expect(await operationEnded(d.client, body.id, 30_000)).toMatchObject({ state: 'done', changed: 400 })
  expect(await tally(d, body.id)).toMatchObject({ canceled: 400, once: 400, items: 400 })
})

test('a runner that was taken for lost does nothing twice', { timeout: 60_000 }, async () => {
  const d = await createDeployment()
  onTestFinished(d.end)
  await seed(d.database, { count: 600, tag: 'all' })
  const first = await d.spawn('start')
  const { body } = await createClient(String(first.url)).call('POST', '/v1/notifications/cancel', {
    ...{ filter: { tag: 'all' }, ratePerSecond: 200 },
  })
  await eventually('it is under way', async () => (await readOperation(d.client, body.id)).matched >= 20)
  // The first one still runs it; the second one believes that nobody does.
  await d.database.query('update yeyak.operations set leased_until = null where finished_at is null')
  await d.spawn('start')
  expect(await operationEnded(d.client, body.id, 30_000)).toMatchObject({
    state: 'done',
    matched: 600,
    changed: 600,
  })
  expect(await tally(d, body.id)).toMatchObject({ canceled: 600, once: 600, events: 600, items: 600 })
})

test(
  'two bulk operations over the same rows at once never dead-lock, and each row is changed by one',
  {
    timeout: 120_000,
  },
  async () => {
    const d = await createDeployment()
    onTestFinished(d.end)
    const COUNT = 20_000
    await seed(d.database, { count: COUNT, tag: 'all' })
    const processes = await Promise.all([d.spawn('start'), d.spawn('start')])
    const [cancel, resolve] = await Promise.all(
      processes.map(async ({ url }, i) => {
        const kind = i === 0 ? 'cancel' : 'resolve'
        const options = i === 0 ? {} : { outcome: 'delivered' }
        const reply = await createClient(String(url)).call('POST', `/v1/notifications/${kind}`, {
          ...{ filter: { tag: 'all' }, ...options },
        })
        expect(reply.status).toBe(202)
        return operationEnded(d.client, reply.body.id, 60_000)
      }),
    )
    expect(cancel?.matched).toBe(COUNT)
    expect(resolve?.matched).toBe(COUNT)
    expect((cancel?.changed ?? 0) + (resolve?.changed ?? 0)).toBe(COUNT)
    const stock = await takeStock(d.database, [])
    expect(stock.waits).toBe(0)
    expect(stock.states).toEqual(
      Object.fromEntries(
        Object.entries({ canceled: cancel?.changed ?? 0, delivered: resolve?.changed ?? 0 }).filter(
          ([, n]) => n > 0,
        ),
      ),
    )
    const [stats] = await d.database.query<{ deadlocks: number }>(
      'select deadlocks::int from pg_stat_database where datname = current_database()',
    )
    expect(stats?.deadlocks).toBe(0)
  },
)

test(
  'raced against the start, what was counted as changed was not sent, and the rest was',
  {
    timeout: 120_000,
  },
  async () => {
    const d = await createDeployment()
    onTestFinished(d.end)
    const COUNT = 4_000
    await Promise.all([d.spawn('worker'), d.spawn('worker')])
    const api = await d.spawn('api')
    // So many sends at a time as there are slots, and each takes a while: most still wait when the cancel comes.
    d.receiver.behave(() => ({ kind: 'late', ms: 400 }))
    // All fall due while they are canceled.
    await seed(d.database, { count: COUNT, tag: 'all', channel: 'probe', to: d.receiver.url, inSeconds: 1 })
    await d.database.query(`select pg_notify('yeyak_timers', '0')`)
    await eventually('some are sent', () => d.receiver.received.length > 20)
    const reply = await createClient(String(api.url)).call('POST', '/v1/notifications/cancel', {
      filter: { tag: 'all' },
    })
    expect(reply.status).toBe(202)
    const done = await operationEnded(d.client, reply.body.id, 60_000)
    const stock = await eventually(
      'everything final',
      async () => {
        const now = await takeStock(d.database, d.receiver.received)
        return now.open.length === 0 && now.waits === 0 && now
      },
      60_000,
    )
    expect(stock).toMatchObject({ doubles: [], early: [], unrecorded: [] })
    expect(done.matched).toBe(COUNT)
    expect(stock.states['canceled']).toBe(done.changed)
    expect(stock.states['delivered']).toBe(COUNT - done.changed)
    // The race was one: both sides won often enough.
    expect(done.changed).toBeGreaterThan(50)
    expect(stock.states['delivered']).toBeGreaterThan(50)
    const sent = new Set(d.receiver.received.map((r) => r.id))
    const items = await d.database.query<{ id: string }>(
      'select subject_id as id from yeyak.operation_items where operation_id = $1',
      [done.id],
    )
    expect(items).toHaveLength(done.changed)
    expect(items.filter(({ id }) => sent.has(id))).toEqual([])
    const [stats] = await d.database.query<{ deadlocks: number }>(
      'select deadlocks::int from pg_stat_database where datname = current_database()',
    )
    expect(stats?.deadlocks).toBe(0)
  },
)
