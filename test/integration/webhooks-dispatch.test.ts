import { randomBytes } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { writeEvents } from '../kit/event-writer.ts'
import { eventually } from '../kit/poll.ts'
import { createEndpoint, deliveriesOf, ENDPOINT_ENV, verified } from '../kit/webhook-endpoints.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../kit/webhook-receiver.ts'

interface Site {
  database: TestDatabase
  apps: TestApp[]
  receiver: WebhookReceiver
}

const site = async (workers = 1): Promise<Site> => {
  const database = await createTestDatabase()
  const receiver = await startWebhookReceiver()
  const apps: TestApp[] = []
  onTestFinished(async () => {
    for (const app of apps) await app.end()
    await receiver.stop()
    await database.drop()
  })
  for (let i = 0; i < workers; i += 1)
    apps.push(await startTestApp({ database, env: ENDPOINT_ENV, roles: { api: i === 0, worker: true } }))
  return { database, apps, receiver }
}

const only = ({ apps }: Site): TestApp => {
  const [app] = apps
  if (app === undefined) throw new Error('there is no app')
  return app
}

const eventIdsIn = (receiver: WebhookReceiver) =>
  receiver.received.map((one) => String(one.headers['webhook-id']).replace('evt_', ''))

/** Writes events as features do, each in a transaction of its own that stays open for a while or is rolled back. */
const write = async (database: TestDatabase, count: number): Promise<void> => {
  const session = await database.session()
  try {
    for (let i = 0; i < count; i += 1) {
      await session.query('begin')
      await session.query(
        `insert into yeyak.events (project_id, kind, subject_id, type, data)
         select 1, 'run', gen_random_uuid()::text, 'run.started', jsonb_build_object('n', g) from generate_series(1, 1 + $1::int % 3) g`,
        [i],
      )
      // The disturbance itself, which waits for nothing: numbers are taken in one order, and become visible in another.
      await session.query('select pg_sleep(random() * 0.02)')
      await session.query(i % 7 === 0 ? 'rollback' : 'commit')
    }
  } finally {
    await session.end()
  }
}

test('with 8 concurrent writers and two workers each event makes one delivery for each endpoint, and all arrive', async () => {
  const s = await site(2)
  const { client } = only(s)
  const [a, b] = await Promise.all([
    createEndpoint(client, `${s.receiver.url}/a`, ['run.*']),
    createEndpoint(client, `${s.receiver.url}/b`, ['*']),
  ])
  await Promise.all(Array.from({ length: 8 }, () => write(s.database, 40)))
  const expected = await s.database.query<{ id: string }>(
    `select (xid::text::numeric * 1000000000 + id)::text as id from yeyak.events where kind = 'run'`,
  )
  expect(expected.length).toBeGreaterThan(400)
  for (const { id } of [a, b]) {
    const rows = await eventually(
      'all delivered',
      async () => {
        const found = await s.database.query<{ eventId: string; state: string }>(
          `select event_id::text as "eventId", state from yeyak.webhook_deliveries where webhook_id = $1 and type = 'run.started'`,
          [id],
        )
        return found.length >= expected.length && found.every((row) => row.state === 'delivered') && found
      },
      30_000,
    )
    expect(rows.map((row) => row.eventId).toSorted()).toEqual(expected.map((row) => row.id).toSorted())
  }
  const onA = s.receiver.received.filter((one) => one.path.endsWith('/a'))
  expect(onA).toHaveLength(expected.length)
  for (const one of onA.slice(0, 20)) verified(one, a.secret)
})

test('an event of an open transaction is neither passed over nor sent before it commits', async () => {
  const s = await site()
  const { client } = only(s)
  await createEndpoint(client, s.receiver.url, ['run.*'])
  const early = await s.database.session()
  await early.query('begin')
  await writeEvents(early, { type: 'run.started', subject: 'early' })
  await writeEvents(s.database, { type: 'run.started', subject: 'late' })
  const created = await client.create({ message: 'a hint' })
  await client.inState(created, 'delivered')
  expect(s.receiver.received).toEqual([])
  await early.query('commit')
  await early.end()
  await eventually('both', () => s.receiver.received.length === 2)
  const subjects = s.receiver.received.map((one) => JSON.parse(one.body).data.subject.id)
  expect(new Set(subjects)).toEqual(new Set(['early', 'late']))
})

test('projects hear of their own events only, and do not see the endpoints of others', async () => {
  const s = await site()
  const { client } = only(s)
  const mine = await createEndpoint(client, `${s.receiver.url}/mine`, ['*'])
  const other = await createEndpoint(client, `${s.receiver.url}/other`, ['*'])
  const delivered = await client.create({ message: 'before' })
  await eventually('heard', () => s.receiver.received.some((one) => one.path.endsWith('/other')))
  await client.inState(delivered, 'delivered')
  await s.database.query(`insert into yeyak.projects (id, name) values (2, 'other')`)
  await s.database.query('update yeyak.webhooks set project_id = 2 where id = $1', [other.id])
  await writeEvents(s.database, { project: 2, type: 'run.started', subject: 'x' })
  const id = await client.create({ message: 'after' })
  const about = (path: string, text: string) =>
    s.receiver.received.filter((one) => one.path.endsWith(path) && one.body.includes(text))
  await eventually(
    'both',
    () => about('/mine', id).length >= 2 && about('/other', 'run.started').length === 1,
  )
  expect(about('/other', id)).toEqual([])
  expect(about('/mine', 'run.started')).toEqual([])
  const listed = await client.call('GET', '/v1/webhooks')
  expect(listed.body.items.map((one: { id: string }) => one.id)).toEqual([mine.id])
  for (const [method, rest] of [
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/rotate'],
    ['POST', '/test'],
    ['GET', '/deliveries'],
  ] as const)
    expect((await client.call(method, `/v1/webhooks/${other.id}${rest}`)).status).toBe(404)
})

test('an event is sent again by its id, by its time, or because it failed, under the same webhook-id', async () => {
  const s = await site()
  const { client } = only(s)
  const from = new Date(Date.now() - 1000).toISOString()
  const { id } = await createEndpoint(client, s.receiver.url, ['run.*'])
  s.receiver.answer((response) => void response.writeHead(500).end())
  await write(s.database, 6)
  const items = await deliveriesOf(
    client,
    id,
    (all) => all.length === 11 && all.every((one) => one.state === 'retrying'),
  )
  // As they are after three days.
  await s.database.query(
    `update yeyak.webhook_deliveries set state = 'failed', reason = 'retries_exhausted', trouble = 2, finished_at = clock_timestamp()`,
  )
  await s.database.query('delete from yeyak.timers')
  const dead = await client.call('GET', '/v1/dead-letters?kind=webhook&queue=webhooks&error=http-500')
  expect(dead.body.items).toHaveLength(11)
  expect(dead.body.items[0]).toMatchObject({
    ...{ kind: 'webhook', queue: 'webhooks', state: 'failed', reason: 'retries_exhausted' },
    ...{ error: { code: 'http-500' }, provider: 'webhook', title: 'run.started', parent: id },
    to: new URL(s.receiver.url).origin,
  })
  const groups = await client.call('GET', '/v1/dead-letters?kind=webhook&groupBy=error')
  expect(groups.body.groups).toMatchObject([{ key: 'http-500', count: 11 }])

  s.receiver.answer((response) => void response.writeHead(200).end())
  const resend = (body: object) => client.call('POST', `/v1/webhooks/${id}/resend`, body)
  const before = s.receiver.received.length
  const one = items[0].eventId
  expect((await resend({ eventId: one })).body).toEqual({ count: 1 })
  await eventually('the one', () => s.receiver.received.length === before + 1)
  expect(eventIdsIn(s.receiver).at(-1)).toBe(one)
  await deliveriesOf(client, id, (all) => all.filter((d) => d.state === 'delivered').length === 1)

  const failed = await resend({ from, failedOnly: true })
  expect([failed.status, failed.body]).toEqual([202, { count: 10 }])
  await deliveriesOf(client, id, (all) => all.every((d) => d.state === 'delivered'))
  expect((await resend({ from, failedOnly: true })).body).toEqual({ count: 0 })

  // What was never dispatched to it counts too: it was disabled then.
  await s.database.query('delete from yeyak.webhook_deliveries where event_id = $1', [one])
  const to = new Date(Date.now() + 1000).toISOString()
  expect((await resend({ from, to })).body).toEqual({ count: 11 })
  const again = await deliveriesOf(
    client,
    id,
    (all) => all.length === 11 && all.every((d) => d.state === 'delivered'),
  )
  expect(new Set(again.map((d) => d.eventId))).toEqual(new Set(items.map((d) => d.eventId)))
  expect((await resend({ from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' })).body).toEqual({
    count: 0,
  })

  for (const [body, path] of [
    [{}, 'eventId'],
    [{ eventId: '12' }, 'eventId'],
    [{ eventId: 'x' }, 'eventId'],
    [{ from: 'yesterday' }, 'from'],
    [{ from, to: 'x' }, 'to'],
  ] as const) {
    const refused = await resend(body)
    expect([refused.status, refused.body.errors[0].path]).toEqual([422, path])
  }
})

test('a secret that cannot be opened sends nothing, and is no fault of the endpoint', async () => {
  const s = await site()
  const { client } = only(s)
  const { id } = await createEndpoint(client, s.receiver.url, ['run.*'])
  // Sealed with a key that this worker does not have.
  await s.database.query(
    `update yeyak.webhooks set secret = replace(secret, split_part(secret, '.', 2), '00000000')`,
  )
  await client.call('POST', `/v1/webhooks/${id}/test`)
  const [delivery] = await deliveriesOf(client, id, ([first]) => first?.state === 'retrying')
  expect(delivery.error.code).toBe('secret-unreadable')
  expect(s.receiver.received).toEqual([])
  expect((await client.call('GET', `/v1/webhooks/${id}`)).body.failingSince).toBeNull()
})

test('without a key for secrets an endpoint is refused, naming the setting', async () => {
  const app = await startTestApp({ env: { YEYAK_WEBHOOK_ALLOW: '127.0.0.1' } })
  onTestFinished(app.end)
  const reply = await app.client.call('POST', '/v1/webhooks', { url: 'http://127.0.0.1/', types: ['*'] })
  expect([reply.status, reply.body.code, reply.body.setting]).toEqual([
    ...[422, 'encryption-not-configured', 'YEYAK_ENCRYPTION_KEY'],
  ])
})

test('what was delivered more than 30 days ago is removed, what waits is kept', async () => {
  const s = await site()
  const app = only(s)
  const { id } = await createEndpoint(app.client, s.receiver.url, ['run.*'])
  const ids = async () =>
    (
      await s.database.query<{ eventId: string }>(
        `select event_id::text as "eventId" from yeyak.webhook_deliveries where webhook_id = $1`,
        [id],
      )
    ).map((row) => row.eventId)
  for (let i = 0; i < 3; i += 1) await app.client.call('POST', `/v1/webhooks/${id}/test`)
  await deliveriesOf(app.client, id, (all) => all.length === 3 && all.every((d) => d.state === 'delivered'))
  const [old, young, waiting] = await ids()
  const age = (eventId: string | undefined, days: number, set: string) =>
    s.database.query(
      `update yeyak.webhook_deliveries set due_at = due_at - make_interval(days => $2), ${set} where event_id = $1`,
      [eventId, days],
    )
  await age(old, 31, `finished_at = finished_at - interval '31 days'`)
  await age(young, 29, `finished_at = finished_at - interval '29 days'`)
  await age(
    waiting,
    31,
    `state = 'retrying', trouble = 1, finished_at = null, next_at = now() + interval '1 hour'`,
  )
  const again = await startTestApp({ database: s.database, env: ENDPOINT_ENV })
  onTestFinished(again.end)
  await eventually('removed', async () => (await ids()).length === 2)
  expect(new Set(await ids())).toEqual(new Set([young, waiting]))
})

test('in a database that was restored into another server dispatching goes on', async () => {
  const database = await createTestDatabase()
  const receiver = await startWebhookReceiver()
  const first = await startTestApp({ database, env: ENDPOINT_ENV })
  const { id } = await createEndpoint(first.client, receiver.url, ['run.*'])
  await first.app.stop()
  await database.query(`update yeyak.feeds set xid = '900000000', id = 7 where name = 'webhooks'`)
  await database.query(`update yeyak.webhooks set since = '900000000:900000005:900000001' where id = $1`, [
    id,
  ])
  const second = await startTestApp({ database, env: ENDPOINT_ENV })
  onTestFinished(async () => {
    await second.end()
    await receiver.stop()
    await database.drop()
  })
  const subject = randomBytes(4).toString('hex')
  await writeEvents(database, { type: 'run.started', subject })
  await eventually('sent', () => receiver.received.length > 0)
  expect(receiver.received.map((one) => one.body.includes(subject))).toEqual([true])
})
