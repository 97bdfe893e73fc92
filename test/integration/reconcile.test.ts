import { afterAll, beforeAll, expect, test } from 'vitest'
import { createReconciler, type Reconciler } from '../../src/delivery/index.ts'
import { notificationSubject } from '../../src/notifications/index.ts'
import { createDatabase, type Database } from '../../src/platform/database.ts'
import { createTables } from '../../src/platform/tables.ts'
import { createQueue } from '../../src/queue/index.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { silentLog } from '../kit/config.ts'
import { eventually } from '../kit/poll.ts'
import { type Receiver, startReceiver } from '../kit/receiver.ts'

let t: TestApp
let receiver: Receiver
let db: Database
/** As at the start of a worker: it has seen nothing yet. */
let search: () => Promise<number>
/** As in a worker that has run for long. */
let again: Reconciler
beforeAll(async () => {
  ;[t, receiver] = await Promise.all([
    // What is planted again is found by the next tick.
    startTestApp({ env: { YEYAK_POLL_SECONDS: '1' } }),
    startReceiver(),
  ])
  receiver.behave(({ message, attempt }) =>
    message.startsWith('hang') && attempt === 1 ? { kind: 'hang' } : { kind: 'deliver' },
  )
  const { url } = t.database
  db = createDatabase({
    connection: () => ({ connectionString: url }),
    ...{ applicationName: 'test', maxConnections: 2, onConnectionLost: () => {} },
  })
  const tables = createTables('yeyak')
  const { jobsTable } = createQueue({ db, schema: 'yeyak_queue', log: silentLog() })
  const create = () =>
    createReconciler({ db, tables, subject: notificationSubject(tables), jobsTable, log: silentLog() })
  search = () => create().run()
  again = create()
})
afterAll(async () => {
  await db.destroy()
  await t.end()
  await receiver.stop()
})

const run = (text: string, values: unknown[] = []) => t.database.query(text, values)
const create = (message: string, more: object = {}) =>
  t.client.create({ channel: 'probe', to: receiver.url, message, ...more })
const events = (id: string) =>
  run(`select type, data from yeyak.events where subject_id = $1 and type = 'notification.reconciled'`, [id])
/** As if it had been due, and all traces of what should start it had been lost, two minutes ago. */
const lose = async (id: string) => {
  await run('delete from yeyak.timers where subject_id = $1', [id])
  await run(`delete from yeyak_queue.job where data ->> 's' = $1`, [id])
  await run(
    `update yeyak.notifications set due_at = due_at - interval '2 hours', next_at = next_at - interval '2 hours',
       attempt_started_at = attempt_started_at - interval '2 hours', attempt_due_at = attempt_due_at - interval '2 hours'
     where id = $1`,
    [id],
  )
}

test('nothing is found while all is well: waiting, sending, retrying, final, or just due', async () => {
  const ids = [await create('well: later', { sendAt: { delay: '1h' } }), await create('well: done')]
  await t.client.inState(ids[1] ?? '', 'delivered')
  const hanging = await create('hang: well')
  await t.client.inState(hanging, 'sending')
  // Long in the sending, with its job alive: an attempt may take ten minutes.
  await run(
    `update yeyak.notifications set next_at = next_at - interval '2 hours', due_at = due_at - interval '2 hours',
       attempt_started_at = attempt_started_at - interval '2 hours' where id = $1`,
    [hanging],
  )
  expect(await search()).toBe(0)
  receiver.releaseHanging()
  await t.client.inState(hanging, 'delivered')
  expect(await search()).toBe(0)
})

test('what waits and has neither timer nor job is planted again, said, and sent', async () => {
  const id = await create('lost: waiting', { sendAt: { delay: '1h' } })
  await lose(id)
  expect(await search()).toBe(1)
  expect(await events(id)).toEqual([{ type: 'notification.reconciled', data: { state: 'scheduled' } }])
  const done = await t.client.inState(id, 'delivered')
  expect(done.attemptCount).toBe(1)
  expect(await search()).toBe(0)
})

test('what is due for less than a minute is left to those whose work it is', async () => {
  const id = await create('lost: just now', { sendAt: { delay: '1h' } })
  await lose(id)
  await run(
    `update yeyak.notifications set due_at = now() - interval '30 s', next_at = now() - interval '30 s' where id = $1`,
    [id],
  )
  expect(await search()).toBe(0)
  await run(
    `update yeyak.notifications set due_at = now() - interval '90 s', next_at = now() - interval '90 s' where id = $1`,
    [id],
  )
  expect(await search()).toBe(1)
  await t.client.inState(id, 'delivered')
})

test('what is tried again is found too, however old its due instant is', async () => {
  expect(await again.run()).toBe(0)
  const id = await create('lost: retrying', { sendAt: { delay: '1h' } })
  await lose(id)
  // A pass has gone by its due instant already; later ones begin behind it.
  await run(
    `update yeyak.notifications set state = 'retrying', trouble = 1, due_at = '2020-01-01Z' where id = $1`,
    [id],
  )
  expect(await again.run()).toBe(1)
  expect(await t.client.inState(id, 'delivered')).toMatchObject({ dueAt: '2020-01-01T00:00:00.000Z' })
})

test.each([
  ['tried again', {}, 'delivered', null],
  ['stopped where the sender says so', { onUnknown: 'stop' }, 'failed', 'outcome_unknown'],
] as const)('what is sending without a job is closed as unknown, and %s', async (_, more, state, reason) => {
  const id = await create(`hang: ${state}`, more)
  await t.client.inState(id, 'sending')
  await lose(id)
  expect(await search()).toBe(1)
  const done = await t.client.inState(id, state)
  expect(done.reason).toBe(reason)
  expect(done.attempts[0]).toMatchObject({ number: 1, outcome: 'unknown', error: { code: 'worker-lost' } })
  expect(done.attempts).toHaveLength(state === 'delivered' ? 2 : 1)
  receiver.releaseHanging()
})

test('a cancel that was asked for while it was sent is kept', async () => {
  const id = await create('hang: canceled')
  await t.client.inState(id, 'sending')
  await t.client.call('POST', `/v1/notifications/${id}/cancel`)
  await lose(id)
  expect(await search()).toBe(1)
  expect(await t.client.get(id)).toMatchObject({ state: 'canceled', reason: 'request' })
  receiver.releaseHanging()
})

test('a paused lane has lost nothing: what is overdue there keeps its timer', async () => {
  const id = await create('paused', { sendAt: { delay: '1h' } })
  await run(`insert into yeyak.queues values ('notifications.probe', now())`)
  await run(`select pg_notify('yeyak_queues', '')`)
  await eventually('the pause', async () => (await run('select 1 from yeyak.queues')).length === 1)
  await run(
    `with due as (update yeyak.notifications set due_at = now() - interval '1 h', next_at = now() - interval '1 h' where id = $1)
     update yeyak.timers set due_at = now() - interval '1 h' where subject_id = $1`,
    [id],
  )
  expect(await search()).toBe(0)
  await run('delete from yeyak.queues')
  await run(`select pg_notify('yeyak_queues', '')`)
  await t.client.inState(id, 'delivered')
})

test('a worker looks for losses when it starts', async () => {
  const api = await startTestApp({ database: t.database, roles: { api: true, worker: false } })
  const id = await api.client.create({ message: 'found at start', sendAt: { delay: '1h' } })
  await api.end()
  await lose(id)
  const worker = await startTestApp({ database: t.database, roles: { api: false, worker: true } })
  try {
    await eventually('the warning', () =>
      worker.records.some((r) => r.level === 40 && r['count'] === 1 && String(r['ids']).includes(id)),
    )
    expect(await t.client.inState(id, 'delivered')).toMatchObject({ attemptCount: 1 })
  } finally {
    await worker.end()
  }
})
