import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEFAULTS } from '../../src/notifications/repository-insert.ts'
import { createIngest, createRepository, type Ingest } from '../../src/notifications/index.ts'
import { createDatabase, type Database } from '../../src/platform/database.ts'
import { newId } from '../../src/platform/ids.ts'
import { createTables } from '../../src/platform/tables.ts'
import { createNotifier, createTimers } from '../../src/timers/index.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { silentLog } from '../kit/config.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { eventually } from '../kit/poll.ts'

let database: TestDatabase
let t: TestApp
let db: Database
let ingest: Ingest
beforeAll(async () => {
  database = await createTestDatabase()
  // The test server commits asynchronously unless told; here it matters who does not.
  await database.query(`alter database ${database.name} set synchronous_commit = on`)
  t = await startTestApp({ database })
  db = createDatabase({
    connection: () => ({ connectionString: database.url }),
    ...{ applicationName: 'test', maxConnections: 3, onConnectionLost: () => {} },
  })
  const tables = createTables('yeyak')
  const notifier = createNotifier(db, silentLog())
  const timers = createTimers({ db, tables, notifier, wakeOwn: () => false })
  ingest = createIngest({
    db,
    repository: createRepository({ tables, lanes: [], jobsTable: sql.id('yeyak_queue', 'job_common') }),
    timers,
  })
})
afterAll(async () => {
  await db.destroy()
  await t.end()
  await database.drop()
})

const HOUR = { sendAt: { delay: '1h' } }
const post = (body: object) => t.client.call('POST', '/v1/notifications', body)
const many = (count: number, body: (i: number) => object) =>
  Promise.all(Array.from({ length: count }, (_, i) => post(body(i))))
const count = async (from: string, values: unknown[] = []) =>
  (await database.query<{ n: number }>(`select count(*)::int as n from ${from}`, values))[0]?.n

const rowOf = (message: string): Parameters<Ingest['add']>[0] => ({
  ...DEFAULTS,
  ...{
    id: newId(),
    projectId: 1,
    actor: { kind: 'anonymous', id: null } as const,
    channel: 'log',
    lane: 'notifications.log',
    requestedAt: new Date(),
  },
  ...{ content: { message }, dueAt: new Date(Date.now() + 3_600_000), tags: ['shared'] },
})
const poisoned = async (run: () => Promise<void>) => {
  await database.query(
    `alter table yeyak.notifications add constraint no_poison check (content ->> 'message' not like 'poison%') not valid`,
  )
  try {
    await run()
  } finally {
    await database.query('alter table yeyak.notifications drop constraint no_poison')
  }
}

test('concurrent creates share statements of at most 500 rows, each with its timer and its event', async () => {
  const rows = Array.from({ length: 1_200 }, (_, i) => rowOf(`shared ${i}`))
  const inserted = await Promise.all(rows.map((row) => ingest.add(row)))
  expect(inserted.every((added) => added.kind === 'written')).toBe(true)
  expect(await count(`yeyak.notifications where id = any('{${rows.map((row) => row.id).join()}}')`)).toBe(
    1_200,
  )
  // Rows of one statement bear one transaction id.
  expect(await count(`(select distinct xmin from yeyak.notifications where 'shared' = any(tags)) s`)).toBe(3)
  expect(
    await count(`yeyak.timers join yeyak.notifications n on n.id = subject_id where 'shared' = any(tags)`),
  ).toBe(1_200)
  expect(
    await count(
      `yeyak.events e join yeyak.notifications n on n.id::text = e.subject_id where 'shared' = any(tags)`,
    ),
  ).toBe(1_200)
})

test('one bad row never fails the neighbours of its statement', () =>
  poisoned(async () => {
    const rows = Array.from({ length: 60 }, (_, i) => rowOf(i % 20 === 7 ? `poison ${i}` : `neighbour ${i}`))
    const results = await Promise.allSettled(rows.map((row) => ingest.add(row)))
    expect(results.map((r) => r.status)).toEqual(
      results.map((_, i) => (i % 20 === 7 ? 'rejected' : 'fulfilled')),
    )
    expect(await count(`yeyak.notifications where content ->> 'message' ~ '^(neighbour|poison) '`)).toBe(57)
  }))

test('of many requests at once each is answered with its own, and a bad one shows nothing of the database', () =>
  poisoned(async () => {
    const replies = await many(60, (i) => ({ ...HOUR, message: i % 20 === 7 ? `poison ${i}` : `good ${i}` }))
    expect(replies.map((r) => r.status)).toEqual(replies.map((_, i) => (i % 20 === 7 ? 500 : 201)))
    expect(replies.map((r) => r.body.message ?? r.body.code)).toEqual(
      replies.map((_, i) => (i % 20 === 7 ? 'internal' : `good ${i}`)),
    )
    expect(new Set(replies.map((r) => r.body.id)).size).toBe(57 + 1)
    expect(replies[7]?.text).not.toContain('no_poison')
  }))

test('row, timer and event are all there or none: a failure of one leaves nothing', async () => {
  for (const table of ['timers', 'events']) {
    await database.query(`
      create or replace function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
      create trigger refuse before insert on yeyak.${table} for each row execute function refuse()`)
    expect((await post({ ...HOUR, message: `half ${table}` })).status).toBe(500)
    await database.query(`drop trigger refuse on yeyak.${table}`)
    expect(await count(`yeyak.notifications where content ->> 'message' = $1`, [`half ${table}`])).toBe(0)
  }
})

test('a hand-over that fails leaves the timer; an outcome that cannot be recorded stays unsaid, and nothing is sent twice', async () => {
  await database.query(`
    create or replace function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
    create trigger refuse before insert on yeyak_queue.job_common for each row execute function refuse()`)
  const id = await t.client.create({ message: 'handed over once' })
  await eventually('a hand-over that failed', () =>
    t.records.some((r) => r.msg.includes('could not be handed over')),
  )
  expect(await count('yeyak.timers where subject_id = $1', [id])).toBe(1)
  expect(await count('yeyak_queue.job where state <= $1', ['active'])).toBe(0)
  await database.query(`
    create trigger refuse before insert on yeyak.attempts for each row execute function refuse();
    drop trigger refuse on yeyak_queue.job_common`)
  await eventually('a record that failed', () =>
    t.records.some((r) => r.msg.includes('recording an outcome failed')),
  )
  expect(await t.client.get(id)).toMatchObject({ state: 'sending', attempts: [{ outcome: null }] })
  await database.query('drop trigger refuse on yeyak.attempts')
  expect((await t.client.inState(id, 'delivered')).attempts).toHaveLength(1)
  expect(t.records.filter((r) => r.msg === '✅ [알림 발송 성공] handed over once')).toHaveLength(1)
})

test('what is accepted, begun and recorded commits durably; a hand-over, which may happen again, does not wait', async () => {
  await database.query(`
    create table commits (what text, mode text);
    create function note() returns trigger language plpgsql as $$ begin
      insert into commits values (tg_argv[0], current_setting('synchronous_commit')); return null; end $$;
    create trigger note after insert on yeyak.notifications execute function note('create');
    create trigger note2 after update on yeyak.notifications execute function note('change');
    create trigger note after insert on yeyak.attempts execute function note('outcome');
    create trigger note after delete on yeyak.timers execute function note('timer')`)
  const cancel = await t.client.create({ message: 'durable', ...HOUR })
  await t.client.call('POST', `/v1/notifications/${cancel}/cancel`)
  await t.client.inState(await t.client.create({ message: 'durable' }), 'delivered')
  const modes = await database.query<{ what: string; mode: string }>(
    'select distinct what, mode from commits order by 1, 2',
  )
  expect(modes).toEqual([
    { what: 'change', mode: 'on' },
    { what: 'create', mode: 'on' },
    { what: 'outcome', mode: 'on' },
    { what: 'timer', mode: 'off' },
    // The cancel's own.
    { what: 'timer', mode: 'on' },
  ])
  await database.query(`drop trigger note on yeyak.notifications; drop trigger note2 on yeyak.notifications;
    drop trigger note on yeyak.attempts; drop trigger note on yeyak.timers`)
})

test('somebody’s lock on one row delays nobody else', async () => {
  const [held, other] = [
    await t.client.create({ message: 'held', ...HOUR }),
    await t.client.create({ message: 'x', ...HOUR }),
  ]
  const session = await database.session()
  await session.query('begin')
  await session.query('select 1 from yeyak.notifications where id = $1 for update', [held])
  const canceling = t.client.call('POST', `/v1/notifications/${held}/cancel`)
  for (const [method, path] of [
    ['POST', `/v1/notifications/${other}/send-now`],
    ['GET', `/v1/notifications/${held}`],
    ['GET', '/v1/notifications?limit=1'],
  ] as const)
    expect((await t.client.call(method, path)).status).toBe(200)
  expect((await t.client.inState(other, 'delivered')).lateMs).toBeLessThan(1000)
  await session.query('commit')
  await session.end()
  expect((await canceling).status).toBe(200)
})

test('a due item whose row somebody holds starts as soon as it is free, and holds up no other', async () => {
  const held = await t.client.create({ message: 'held and due', sendAt: { delay: 0.3 } })
  const session = await database.session()
  await session.query('begin')
  await session.query('select 1 from yeyak.notifications where id = $1 for update', [held])
  await eventually('its due instant', async () => (await t.client.get(held)).state === 'queued')
  const other = await t.client.create({ message: 'beside the held one' })
  expect((await t.client.inState(other, 'delivered')).lateMs).toBeLessThan(1000)
  expect((await t.client.get(held)).state).toBe('queued')
  await session.query('commit')
  await session.end()
  expect((await t.client.inState(held, 'delivered', 3_000)).attemptCount).toBe(1)
})
