import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startTestApp } from '../kit/app.ts'
import { createClient } from '../kit/client.ts'
import { runCommandHere } from '../kit/command-here.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { eventually } from '../kit/poll.ts'
import { startProcess } from '../kit/process.ts'
import { type Receiver, startReceiver } from '../kit/receiver.ts'
import { rowsWritten } from '../kit/rows-written.ts'
import { rescueClaims } from '../kit/session.ts'
import { takeStock } from '../kit/stock.ts'

/** Real traffic, settled: what each test clones, so that what it spoils is its own. */
let traffic: TestDatabase
let receiver: Receiver
let database: TestDatabase

const run = (args: readonly string[], env: Record<string, string> = {}, on = database) =>
  runCommandHere(['verify', ...args], { env: { DATABASE_URL: on.url, ...env } })

interface Finding {
  kind: string
  code: string
  id: string
  dueAt: string | null
  project: string | null
  expected: string
  found: string
  reason: string | null
}

/** Up to now; what the takeovers made late is not what these tests are about. */
const verify = async (...args: string[]) => {
  const { code, out, errors } = await run(['--to', '0s', '--late', '60', '--json', ...args])
  expect(errors).toBe('')
  const report = JSON.parse(out) as {
    ok: boolean
    checked: Record<string, number>
    counts: Record<string, number>
    findings: Finding[]
  }
  return { code, ...report }
}

const noConnections = () =>
  eventually('the end of its connections', async () => {
    const rows = await traffic.query(
      'select 1 from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
      [traffic.name],
    )
    return rows.length === 0
  })

const COUNT = 300
const FUTURE = 3
const ALL = COUNT + FUTURE + 3

beforeAll(async () => {
  ;[traffic, receiver] = await Promise.all([createTestDatabase(), startReceiver()])
  receiver.behave(({ message, attempt }) => {
    if (message === 'hang' && attempt === 1) return { kind: 'hang' }
    if (message === 'retry' && attempt < 3) return { kind: 'fail', retryAfterSeconds: 0 }
    if (message === 'reject') return { kind: 'reject' }
    return message === 'drop' && attempt === 1 ? { kind: 'drop' } : { kind: 'deliver' }
  })
  const app = await startTestApp({ database: traffic })
  const { client } = app
  const create = (message: string, more: object = {}) =>
    client.create({
      ...{ channel: 'probe', to: receiver.url, message, sendAt: { delay: 0.2 } },
      ...{ retry: { limit: 5, delaySeconds: 0.05 }, ...more },
    })
  const messages = ['plain', 'plain', 'retry', 'reject', 'drop']
  const ids = await Promise.all(
    Array.from({ length: COUNT }, (_, i) =>
      create(
        messages[i % messages.length] ?? '',
        i % 7 === 0 ? { sendAt: { delay: '1h' }, groupKey: 'g' } : {},
      ),
    ),
  )
  for (let i = 0; i < FUTURE; i += 1) await create('plain', { sendAt: { delay: '3h' } })
  const post = (path: string, body: object = {}) => client.call('POST', path, body)
  // Every way in which a row can be changed from outside.
  await client.call('PATCH', `/v1/notifications/${ids[0]}`, { sendAt: { delay: '2h' } })
  await post(`/v1/notifications/${ids[7]}/send-now`)
  await post(`/v1/notifications/${ids[14]}/resolve`, { outcome: 'delivered', note: 'by phone' })
  await post(`/v1/notifications/${ids[21]}/cancel`)
  await post(`/v1/notifications/${ids[28]}/cancel`)
  await post(`/v1/notifications/${ids[28]}/retry`, { sendAt: { delay: 0.05 } })
  await post('/v1/queues/probe/pause')
  const late = await create('plain', { expiresAt: { delay: 0.6 } })
  await create('plain')
  await eventually('what expires while its queue is paused', async () => {
    const [row] = await traffic.query<{ over: boolean }>(
      'select expires_at < clock_timestamp() as over from yeyak.notifications where id = $1',
      [late],
    )
    return row?.over
  })
  await post('/v1/queues/probe/resume')
  await client.inState(late, 'expired')
  const done = (id: string) =>
    eventually(
      'the operation',
      async () => (await client.call('GET', `/v1/operations/${id}`)).body.state === 'done',
    )
  const { body: operation } = await post('/v1/notifications/cancel', {
    filter: { groupKey: 'g' },
    ratePerSecond: 1000,
  })
  await done(operation.id)
  const { body: undo } = await post(`/v1/operations/${operation.id}/undo`)
  await done(undo.id)
  await app.end()
  // A worker that is killed while it sends, and another one that takes over.
  const first = await startProcess({ role: 'start', env: { DATABASE_URL: traffic.url } })
  await createClient(first.url ?? '').create({ channel: 'probe', to: receiver.url, message: 'hang' })
  await eventually('the send', () => receiver.received.some(({ message }) => message === 'hang'))
  await first.end()
  await rescueClaims(traffic)
  const second = await startProcess({ role: 'start', env: { DATABASE_URL: traffic.url } })
  try {
    await eventually('all that is due to end', async () => {
      const rows = await traffic.query(
        'select 1 from yeyak.notifications where finished_at is null and next_at <= clock_timestamp() limit 1',
      )
      return rows.length === 0
    })
  } finally {
    second.kill('SIGTERM')
    await second.exited
  }
  await noConnections()
})

afterAll(async () => {
  await receiver.stop()
  await traffic.drop()
})

const begin = async () => {
  database = await createTestDatabase(traffic.name)
}
afterEach(() => database.drop())

const pick = async (where: string): Promise<string> => {
  const [row] = await database.query<{ id: string }>(
    `select id from yeyak.notifications n where ${where} order by id limit 1`,
  )
  if (row === undefined) throw new Error(`the traffic has left nothing that is ${where}`)
  return row.id
}

test('after real traffic with retries, cancels, pauses, an undo and a kill, all is well', async () => {
  await begin()
  const { states, open } = await takeStock(database, receiver.received)
  expect(Object.keys(states).toSorted()).toEqual(
    expect.arrayContaining(['canceled', 'delivered', 'expired', 'failed']),
  )
  const report = await verify()
  expect(report).toMatchObject({ code: 0, ok: true, findings: [] })
  expect(report.checked['notifications']).toBe(ALL)
  expect(report.checked['accepted']).toBe(ALL)
  expect(report.checked['attempts']).toBeGreaterThan(COUNT)
  expect(open.length).toBeLessThan(COUNT / 5)
})

describe('each fault is found, and nothing else', () => {
  const WAITING = `state = 'scheduled' and group_key is null and exists (select 1 from yeyak.timers t where t.subject_id = n.id)`
  /** On a busy machine one may be due before its row is there. */
  const DELIVERED = `state = 'delivered' and channel = 'probe' and attempt_no = 1 and reason is null
    and due_at > created_at + interval '1 ms'`

  test.each([
    ['lost', 'no-timer-no-job', WAITING, `delete from yeyak.timers where subject_id = $1`],
    [
      'lost',
      'timer-of-another-generation',
      WAITING,
      `update yeyak.timers set generation = generation - 1 where subject_id = $1`,
    ],
    [
      'lost',
      'timer-disagrees',
      WAITING,
      `update yeyak.timers set due_at = due_at + interval '1 h' where subject_id = $1`,
    ],
    [
      'lost',
      'sending-without-job',
      DELIVERED,
      `with a as (delete from yeyak.attempts where subject_id = $1)
       update yeyak.notifications set state = 'sending', finished_at = null, attempt_job = gen_random_uuid(),
         attempt_started_at = now() - interval '90 s', attempt_due_at = now() - interval '91 s',
         due_at = now() - interval '91 s', next_at = now() - interval '91 s',
         created_at = now() - interval '10 min' where id = $1`,
    ],
    ['lost', 'accepted-without-row', DELIVERED, `delete from yeyak.notifications where id = $1`],
    [
      'lost',
      'final-unexplained',
      `state = 'canceled'`,
      `delete from yeyak.events where subject_id = $1::text and type <> 'notification.created'`,
    ],
    [
      'lost',
      'final-unexplained',
      DELIVERED,
      `update yeyak.attempts set outcome = 'failed' where subject_id = $1`,
    ],
    [
      'lost',
      'attempt-not-recorded',
      `state = 'failed' and attempt_no = 1`,
      `delete from yeyak.attempts where subject_id = $1`,
    ],
    [
      'early',
      'before-due',
      DELIVERED,
      `update yeyak.attempts set started_at = due_at - interval '1 ms' where subject_id = $1`,
    ],
    [
      'early',
      'before-due',
      DELIVERED,
      // After it began, however late that was.
      `update yeyak.notifications n set (due_at, next_at) = (
         select a.started_at + interval '1 ms', a.started_at + interval '1 ms' from yeyak.attempts a where a.subject_id = n.id)
       where n.id = $1`,
    ],
    [
      'early',
      'before-creation',
      DELIVERED,
      `update yeyak.attempts set started_at = started_at - interval '1 h', due_at = due_at - interval '1 h' where subject_id = $1`,
    ],
    [
      'double',
      'delivered-twice',
      DELIVERED,
      `with n as (update yeyak.notifications set attempt_no = 2 where id = $1)
       insert into yeyak.attempts (subject_id, number, outcome, due_at, started_at, finished_at, late_ms)
       select subject_id, 2, outcome, due_at, finished_at + interval '1 s', finished_at + interval '2 s', 0
       from yeyak.attempts where subject_id = $1`,
    ],
    [
      'double',
      'begun-after-delivery',
      DELIVERED,
      `with n as (update yeyak.notifications set attempt_no = 2 where id = $1)
       insert into yeyak.attempts (subject_id, number, outcome, due_at, started_at, finished_at, late_ms)
       select subject_id, 2, 'unknown', due_at, finished_at + interval '1 s', finished_at + interval '2 s', 0
       from yeyak.attempts where subject_id = $1`,
    ],
    [
      'double',
      'attempt-number-twice',
      `state = 'failed' and attempt_no = 1`,
      `insert into yeyak.attempts (subject_id, number, outcome, due_at, started_at, finished_at, late_ms)
       select subject_id, number, outcome, due_at, started_at + interval '1 ms', finished_at, 1
       from yeyak.attempts where subject_id = $1`,
    ],
    [
      'late',
      'begun-late',
      DELIVERED,
      `with n as (update yeyak.notifications set due_at = due_at - interval '2 min', next_at = next_at - interval '2 min',
         created_at = created_at - interval '3 min' where id = $1)
       update yeyak.attempts set due_at = due_at - interval '2 min' where subject_id = $1`,
    ],
    [
      'late',
      'not-begun',
      WAITING,
      `with n as (update yeyak.notifications set due_at = now() - interval '5 min', next_at = now() - interval '5 min',
         created_at = created_at - interval '1 h' where id = $1)
       update yeyak.timers set due_at = now() - interval '5 min' where subject_id = $1`,
    ],
    [
      'after-cancel',
      'begun-after-cancel',
      DELIVERED,
      `insert into yeyak.events (project_id, kind, subject_id, type, at, data)
       select 1, 'notification', subject_id::text, 'notification.canceled', started_at - interval '1 ms', '{"reason":"request"}'
       from yeyak.attempts where subject_id = $1`,
    ],
    [
      'after-cancel',
      'begun-after-cancel',
      `state = 'delivered' and attempt_no = 3`,
      `insert into yeyak.events (project_id, kind, subject_id, type, at, data)
       select 1, 'notification', subject_id::text, 'notification.updated', started_at - interval '1 ms', '{"cancelRequested":true}'
       from yeyak.attempts where subject_id = $1 and number = 3`,
    ],
    [
      'after-expiry',
      'begun-after-expiry',
      DELIVERED,
      `update yeyak.notifications set expires_at = attempt_started_at - interval '1 ms' where id = $1`,
    ],
  ])('%s: %s', async (kind, code, where, spoil) => {
    await begin()
    const id = await pick(where)
    await database.query(spoil, [id])
    const report = await verify()
    expect(report.findings).toEqual([
      expect.objectContaining({ kind, code, id, subject: 'notification', project: 'default' }),
    ])
    expect(report).toMatchObject({ code: 1, ok: false })
    expect(report.counts[kind]).toBe(1)
  })

  test('a dropped or invalid unique index', async () => {
    await begin()
    await database.query('drop index yeyak.notifications_pending')
    await database.query(
      `update pg_index set indisvalid = false where indexrelid = 'yeyak.notifications_idempotency'::regclass`,
    )
    const { code, findings } = await verify()
    expect(code).toBe(1)
    expect(findings).toMatchObject([
      { kind: 'double', code: 'index-broken', id: 'notifications_idempotency', found: 'not valid' },
      { kind: 'double', code: 'index-broken', id: 'notifications_pending', found: 'no such index' },
    ])
  })
})

test('a final state without its end is found even where the constraint was dropped', async () => {
  await begin()
  await database.query('alter table yeyak.notifications drop constraint notifications_state_agrees')
  const id = await pick(`state = 'failed'`)
  await database.query('update yeyak.notifications set finished_at = null where id = $1', [id])
  expect((await verify()).findings).toMatchObject([{ kind: 'lost', code: 'final-without-end', id }])
})

describe('why something was late', () => {
  const reasonOf = async (spoil: string): Promise<string | null | undefined> => {
    await begin()
    const id = await pick(`state = 'delivered' and channel = 'probe' and attempt_no = 1 and reason is null`)
    await database.query(
      `update yeyak.notifications set due_at = due_at - interval '2 min', next_at = next_at - interval '2 min',
         created_at = created_at - interval '3 min' where id = $1`,
      [id],
    )
    await database.query(
      `update yeyak.attempts set due_at = due_at - interval '2 min' where subject_id = $1`,
      [id],
    )
    await database.query(spoil, [id])
    const { findings } = await verify()
    expect(findings).toHaveLength(1)
    return findings[0]?.reason
  }

  test('nobody handed it over', async () => {
    expect(await reasonOf('select $1::uuid')).toMatch(/^handed over 12\d(\.\d)? s late: no worker was alive/u)
  })

  test('it waited for a free slot', async () => {
    expect(await reasonOf('update yeyak.attempts set handed_at = due_at where subject_id = $1')).toMatch(
      /waited 12\d(\.\d)? s for a free slot/u,
    )
  })

  test('its queue was paused', async () => {
    expect(
      await reasonOf(
        `with q as (select started_at from yeyak.attempts where subject_id = $1)
         insert into yeyak.events (project_id, kind, subject_id, type, at)
         select 1, 'queue', 'probe', 'queue.paused', started_at - interval '90 s' from q
         union all select 1, 'queue', 'probe', 'queue.resumed', started_at - interval '1 s' from q`,
      ),
    ).toBe('its queue was paused')
  })

  test('a worker was lost: what was killed while it sent, and was taken over', async () => {
    await begin()
    const id = await pick(`content ->> 'message' = 'hang'`)
    const { out } = await run(['--to', '0s', '--late', '0.05', '--limit', '1000', '--json'])
    const report = JSON.parse(out) as { findings: Finding[] }
    expect(report.findings.filter((one) => one.id === id).at(-1)).toMatchObject({
      kind: 'late',
      reason: 'its worker was lost while it sent; another one took it over',
    })
  })
})

test('what waits on a paused queue is as somebody wants it', async () => {
  await begin()
  const id = await pick(`state = 'scheduled' and channel = 'probe'`)
  await database.query(
    `with n as (update yeyak.notifications set due_at = now() - interval '5 min', next_at = now() - interval '5 min',
       created_at = created_at - interval '1 h' where id = $1)
     update yeyak.timers set due_at = now() - interval '5 min' where subject_id = $1`,
    [id],
  )
  await database.query(
    `insert into yeyak.queues values ('notifications.probe', now()) on conflict (name) do update set paused_at = now()`,
  )
  expect(await verify()).toMatchObject({ code: 0, findings: [] })
})

test('what the retention has removed is not missed', async () => {
  await begin()
  const id = await pick(`state = 'delivered' and channel = 'probe'`)
  await database.query('delete from yeyak.notifications where id = $1', [id])
  await database.query(`update yeyak.events set at = at - interval '2 days' where subject_id = $1`, [id])
  const given = ['--from', '7d', '--to', '0s', '--late', '60', '--json']
  const [kept, removed] = await Promise.all([
    run(given, { YEYAK_RETENTION_DAYS: '30' }),
    run(given, { YEYAK_RETENTION_DAYS: '1' }),
  ])
  expect(JSON.parse(kept.out)).toMatchObject({ findings: [{ code: 'accepted-without-row', id }] })
  expect(removed.code).toBe(0)
})

test('for people: each finding with what was expected and found, the first of many, and what was looked at', async () => {
  await begin()
  await database.query('delete from yeyak.timers')
  const [en, ko] = await Promise.all([
    run(['--to', '0s', '--late', '60', '--limit', '2']),
    run(['--to', '0s', '--late', '60', '--limit', '2'], { LANG: 'ko_KR.UTF-8' }),
  ])
  expect(en.code).toBe(1)
  expect(en.out).toMatch(/^lost: notification [0-9a-f-]{36} {2}due 20\d\d-/u)
  expect(en.out).toContain('  found: neither a timer nor a job: nobody will start it at 20')
  expect(en.out).toMatch(/… and \d+ more that are lost: see them with --limit/u)
  expect(en.out).toContain(`checked ${ALL} notifications, `)
  expect(ko.code).toBe(1)
  expect(ko.out).toContain('타이머도 작업도 없습니다')
})

test.each([
  [['--from', 'yesterday'], 2, '--from takes an instant'],
  [['--late', 'x'], 2, '--late takes seconds'],
  [['--limit', '0'], 2, '--limit takes a whole number'],
  [['--from', '1h', '--to', '2h'], 2, '--from must be before --to'],
  [['--project', 'nowhere'], 1, 'there is no such project'],
])('%j is refused', async (args, code, said) => {
  await begin()
  const refused = await run(args)
  expect(refused).toMatchObject({ code, out: '' })
  expect(refused.errors).toContain(said)
})

test('it writes nothing', async () => {
  await begin()
  const before = await rowsWritten(database)
  await verify()
  expect(await rowsWritten(database)).toBe(before)
})
