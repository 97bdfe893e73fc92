import { afterAll, beforeAll, expect, test } from 'vitest'
import { createNotifier, createTimers, type Notifier, type Timers } from '../../src/timers/index.ts'
import { createDatabase, type Database } from '../../src/platform/database.ts'
import { createTables } from '../../src/platform/tables.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { silentLog } from '../kit/config.ts'
import { eventually } from '../kit/poll.ts'
import { type Receiver, startReceiver } from '../kit/receiver.ts'

const LANE = 'notifications.probe'
let t: TestApp
let receiver: Receiver
let db: Database
let notifier: Notifier
let timers: Timers
beforeAll(async () => {
  // One at a time, so that the order in which they start is the order in which they arrive.
  const env = { YEYAK_CONCURRENCY: '1', YEYAK_BATCH_SIZE: '1' }
  ;[t, receiver] = await Promise.all([startTestApp({ env }), startReceiver()])
  const { url } = t.database
  db = createDatabase({
    connection: () => ({ connectionString: url }),
    ...{ applicationName: 'test', maxConnections: 2, onConnectionLost: () => {} },
  })
  notifier = createNotifier(db, silentLog())
  timers = createTimers({ db, tables: createTables('yeyak'), notifier, wakeOwn: () => false })
})
afterAll(async () => {
  await notifier.stop()
  await db.destroy()
  await t.end()
  await receiver.stop()
})

const create = (message: string, more: object = {}) =>
  t.client.create({ channel: 'probe', to: receiver.url, message, ...more })
const arrived = (prefix: string) =>
  receiver.received.filter((r) => r.message.startsWith(prefix)).map((r) => r.message.slice(prefix.length))
const state = async (id: string) => (await t.client.get(id)).state
const count = async (sql: string) => (await t.database.query<{ n: number }>(sql))[0]?.n
const timersLeft = () => count('select count(*)::int as n from yeyak.timers')
const jobsWaiting = () => count(`select count(*)::int as n from yeyak_queue.job where state < 'active'`)
const list = async (query: string) =>
  (await t.client.call('GET', `/v1/notifications?${query}`)).body.items.map((item: { id: string }) => item.id)
/** Resolves once the worker has seen it: what is due on another lane passes, what is due on this one does not. */
const pause = async () => {
  await timers.pause(LANE)
  const probe = await t.client.create({ message: 'another lane' })
  await t.client.inState(probe, 'delivered')
}

test('what falls due on a paused lane stays scheduled, with its timer; resume hands it over at once', async () => {
  await pause()
  const due = await create('paused: due')
  const later = await create('paused: later', { sendAt: { delay: '1h' } })
  await eventually('the due instant', async () => Date.now() > Date.parse((await t.client.get(due)).dueAt))
  expect(await state(due)).toBe('scheduled')
  expect(await timersLeft()).toBe(2)
  expect(await list('state=scheduled&channel=probe')).toEqual([due, later])
  expect(await list('state=queued')).toEqual([])
  const [row] = await t.database.query<{ state: string }>('select state from yeyak.upcoming where id = $1', [
    due,
  ])
  expect(row?.state).toBe('scheduled')
  const resumedAt = Date.now()
  await timers.resume(LANE)
  const done = await t.client.inState(due, 'delivered')
  expect(Date.parse(done.attempts[0].startedAt) - resumedAt).toBeLessThan(1000)
  expect(await state(later)).toBe('scheduled')
  await t.client.call('POST', `/v1/notifications/${later}/cancel`)
})

test('while a lane is paused, creating, editing, canceling and send-now go on', async () => {
  await pause()
  const created = await t.client.call('POST', '/v1/notifications', {
    ...{ channel: 'probe', to: receiver.url, message: 'paused: created' },
  })
  // The answer of the create itself, too: nothing is on its way.
  expect(created.body.state).toBe('scheduled')
  const edited = await create('paused: old')
  const canceled = await create('paused: canceled')
  const sent = await create('paused: sent', { sendAt: { delay: '1h' } })
  await t.client.call('PATCH', `/v1/notifications/${edited}`, { message: 'paused: edited' })
  expect((await t.client.call('POST', `/v1/notifications/${canceled}/cancel`)).status).toBe(200)
  const now = await t.client.call('POST', `/v1/notifications/${sent}/send-now`)
  expect([now.status, now.body.state]).toEqual([200, 'scheduled'])
  const expired = await create('paused: expired', { expiresAt: { delay: 0.1 } })
  await eventually('its expiry', async () => Date.now() > Date.parse((await t.client.get(expired)).expiresAt))
  await timers.resume(LANE)
  for (const id of [created.body.id, edited, sent]) await t.client.inState(id, 'delivered')
  await t.client.inState(expired, 'expired')
  expect(arrived('paused: ').toSorted()).toEqual(['created', 'due', 'edited', 'sent'])
})

test('of those that are due the higher priority starts first, then the earlier due, then the older', async () => {
  await pause()
  const at = (ms: number) => new Date(Date.now() - ms).toISOString()
  const [sooner, same] = [at(2000), at(1000)]
  await create('order: low', { priority: -100 })
  await create('order: b', { sendAt: same })
  await create('order: c', { sendAt: same })
  await create('order: a', { sendAt: same, priority: 1 })
  await create('order: high', { priority: 100 })
  await t.database.query(
    `with earlier as (update yeyak.notifications set due_at = $1, next_at = $1 where content ->> 'message' = 'order: c' returning id)
     update yeyak.timers set due_at = $1 where subject_id = (select id from earlier)`,
    [sooner],
  )
  await timers.resume(LANE)
  await eventually('all of them', () => arrived('order: ').length === 5)
  expect(arrived('order: ')).toEqual(['high', 'a', 'c', 'b', 'low'])
})

test('a pause also holds what was handed over already, and shows it as scheduled', async () => {
  const gate = Promise.withResolvers<void>()
  receiver.behave((r) =>
    r.message === 'held: first' ? { kind: 'hold', until: gate.promise } : { kind: 'deliver' },
  )
  try {
    const first = await create('held: first')
    await t.client.inState(first, 'sending')
    const second = await create('held: second')
    await eventually('a job that waits', async () => (await jobsWaiting()) === 1)
    await pause()
    expect(await state(second)).toBe('scheduled')
    expect(await list('state=scheduled&channel=probe')).toEqual([second])
    gate.resolve()
    await t.client.inState(first, 'delivered')
    expect(await state(second)).toBe('scheduled')
    await timers.resume(LANE)
    await t.client.inState(second, 'delivered')
  } finally {
    gate.resolve()
  }
})

test('pauses and resumes in quick succession are all seen, the last one at once', async () => {
  for (let round = 0; round < 20; round += 1) {
    await timers.pause(LANE)
    await timers.resume(LANE)
    const id = await create(`quick: ${round}`)
    expect((await t.client.inState(id, 'delivered')).lateMs).toBeLessThan(1000)
  }
})
