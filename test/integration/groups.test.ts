import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRepository } from '../../src/notifications/index.ts'
import { DEFAULTS } from '../../src/notifications/repository-insert.ts'
import { createDatabase } from '../../src/platform/database.ts'
import { newId } from '../../src/platform/ids.ts'
import { createTables } from '../../src/platform/tables.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { startReceiver } from '../kit/receiver.ts'
import { databaseNow, hold } from '../kit/session.ts'

let t: TestApp
let receiver: Awaited<ReturnType<typeof startReceiver>>
beforeAll(async () => {
  t = await startTestApp()
  receiver = await startReceiver()
})
afterAll(async () => {
  await t.end()
  await receiver.stop()
})

/** As a cancellation of the group writes it, whatever it saw. */
const cancelGroup = (groupKey: string) =>
  t.database.query(
    `insert into yeyak.canceled_groups values (1, $1, clock_timestamp())
     on conflict (project_id, group_key) do update set canceled_at = excluded.canceled_at`,
    [groupKey],
  )
const create = (groupKey: string, message: string) =>
  t.client.create({ channel: 'probe', to: receiver.url, message, groupKey, sendAt: { delay: 0.3 } })

test('what was scheduled by a transaction that the cancellation could not see does not start', async () => {
  const seen = await create('unseen', 'visible, and left to the start')
  const id = newId()
  const scheduling = await hold(
    t.database,
    `with n as (
       insert into yeyak.notifications (id, project_id, channel, lane, recipient, content, due_at, next_at, retry_limit,
         retry_delay_seconds, retry_backoff, retry_max_delay_seconds, on_unknown, timeout_seconds, group_key)
       values ($1, 1, 'probe', 'notifications.probe', to_jsonb($2::text), '{"message":"unseen"}', now(), now(), 0, 0,
         'fixed', 0, 'retry', 15, 'unseen') returning *)
     insert into yeyak.timers select id, lane, next_at, generation, priority from n`,
    [id, receiver.url],
  )
  await cancelGroup('unseen')
  await scheduling.run('commit')
  await scheduling.release()
  for (const one of [seen, id]) {
    const ended = await t.client.inState(one, 'canceled')
    expect(ended).toMatchObject({ reason: 'group', attemptCount: 0 })
    expect(ended.finishedAt).not.toBeNull()
  }
  expect(receiver.received).toEqual([])
})

test('what is scheduled after the cancellation is sent', async () => {
  await cancelGroup('after')
  const id = await create('after', 'after')
  expect(await t.client.inState(id, 'delivered')).toMatchObject({ reason: null })
})

test('rows of a request that was taken up before the cancellation, and written after it, are born canceled', async () => {
  const db = createDatabase({
    connection: () => ({ connectionString: t.database.url }),
    ...{ applicationName: 'test', maxConnections: 1, onConnectionLost: () => {} },
  })
  const repository = createRepository({
    tables: createTables('yeyak'),
    lanes: [],
    jobsTable: sql.id('yeyak_queue', 'job_common'),
  })
  const requestedAt = await databaseNow(t.database)
  await cancelGroup('fan-out')
  const rows = ['fan-out', 'another'].map((groupKey) => ({
    ...DEFAULTS,
    ...{
      id: newId(),
      projectId: 1,
      actor: { kind: 'anonymous', id: null } as const,
      channel: 'probe',
      lane: 'notifications.probe',
      recipient: receiver.url,
    },
    ...{ content: { message: groupKey }, dueAt: requestedAt, requestedAt, groupKey, dedupeKey: groupKey },
  }))
  const { canceled } = await repository.insert(db, rows)
  await db.destroy()
  expect([...canceled]).toEqual([rows[0]?.id])
  const [first, second] = rows
  expect(await t.client.get(first?.id ?? '')).toMatchObject({ state: 'canceled', reason: 'group' })
  const left = await t.database.query('select 1 from yeyak.timers where subject_id = $1', [first?.id])
  expect(left).toEqual([])
  const events = await t.database.query(
    'select type, data from yeyak.events where subject_id = $1 order by id',
    [first?.id],
  )
  expect(events).toEqual([
    { type: 'notification.created', data: null },
    { type: 'notification.canceled', data: { reason: 'group' } },
  ])
  // Its key is free, and the other group is not concerned.
  const again = await t.client.call('POST', '/v1/notifications', { message: 'x', dedupeKey: 'fan-out' })
  expect(again.status).toBe(201)
  expect(await t.client.get(second?.id ?? '')).toMatchObject({ reason: null })
})
