import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { runCommand } from '../kit/command.ts'
import { runCommandHere } from '../kit/command-here.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { type DatabaseClock, settableClock } from '../kit/database-clock.ts'
import { eventually } from '../kit/poll.ts'
import { hold } from '../kit/session.ts'

const ANY = { 'if-match': '*' }
const settings = {
  YEYAK_POLL_SECONDS: '1',
  // Nothing is sent there: no schedule of a mail comes to its time.
  ...{ YEYAK_SMTP_URL: 'smtp://127.0.0.1:9', YEYAK_SMTP_FROM: 'yeyak@example.com' },
}

let database: TestDatabase
let clock: DatabaseClock
let t: TestApp
beforeAll(async () => {
  database = await createTestDatabase()
  clock = await settableClock(database)
  t = await startTestApp({ database, env: settings })
})
afterAll(async () => {
  await t.end()
  await database.drop()
})

interface Run {
  id: string
  occurrenceAt: string
  cause: string
  state: string
  reason: string | null
  error: { code: string; message: string } | null
  lateMs: number
  attemptCount: number
  item: { kind: string; id: string; state: string } | null
}

const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = ANY) =>
  t.client.call(method, `/v1/schedules${path}`, body, headers)
const put = async (name: string, body: object) => {
  const reply = await call('PUT', `/${name}`, body)
  expect(reply.status, reply.text).toBeLessThan(300)
}
const runsOf = async (name: string): Promise<Run[]> =>
  (await call('GET', `/${name}/runs?limit=200`)).body.items.toReversed()
const settled = (name: string, count: number) =>
  eventually(`${count} runs of ${name}`, async () => {
    const runs = await runsOf(name)
    return runs.length >= count && runs.every(({ state }) => state !== 'pending') && runs
  })
const hours = (runs: readonly Run[]) => runs.map(({ occurrenceAt }) => occurrenceAt.slice(11, 16))

/** Stops everything, lets the database say that it is `instant`, and starts again. */
const restartAt = async (instant: string): Promise<void> => {
  await t.app.stop()
  await clock.set(new Date(instant))
  t = await startTestApp({ database, env: settings })
}
const missed = async (name: string) =>
  (
    await database.query<{ data: object }>(
      `select data from yeyak.events where subject_id = $1 and type = 'schedule.missed'`,
      [name],
    )
  ).map(({ data }) => data)

test('stopped for three hours, each policy runs exactly its count, and the rest goes on at its time', async () => {
  await restartAt('2026-12-01T05:30:00Z')
  const hourly = { cron: '0 * * * *', notification: { message: '{{ occurrence.at }}' } }
  for (const policy of ['skip', 'once', 'all']) await put(`down-${policy}`, { ...hourly, missed: policy })
  await put('down-window', { ...hourly, missed: 'all', missedWithinSeconds: 5460 })
  await put('down-paused', { ...hourly, missed: 'all' })
  await call('POST', '/down-paused/pause')
  await put('down-ended', { ...hourly, missed: 'all', endsAt: '2026-12-01T07:00:00Z' })
  await restartAt('2026-12-01T08:30:00Z')
  expect(hours(await settled('down-all', 3))).toEqual(['06:00', '07:00', '08:00'])
  expect(hours(await settled('down-once', 1))).toEqual(['08:00'])
  expect(hours(await settled('down-window', 1))).toEqual(['07:00', '08:00'])
  expect(hours(await settled('down-ended', 2))).toEqual(['06:00', '07:00'])
  const skipped = await eventually('the next one is planned', async () => {
    const { body } = await call('GET', '/down-skip')
    return body.nextRuns[0] === '2026-12-01T09:00:00.000Z' && body
  })
  expect(skipped.lastRun).toBeNull()
  expect(await runsOf('down-skip')).toEqual([])
  expect((await call('GET', '/down-ended')).body).toMatchObject({ state: 'finished', nextRuns: [] })
  const from = '2026-12-01T06:00:00.000Z'
  const to = '2026-12-01T08:00:00.000Z'
  expect(await missed('down-skip')).toEqual([{ from, to, policy: 'skip', madeUp: 0 }])
  expect(await missed('down-once')).toEqual([{ from, to, policy: 'once', madeUp: 1 }])
  expect(await missed('down-all')).toEqual([{ from, to, policy: 'all', madeUp: 3 }])
  const { lastRun } = (await call('GET', '/down-all')).body
  expect(lastRun).toMatchObject({ occurrenceAt: to, cause: 'missed', state: 'started' })
  const [first] = await runsOf('down-all')
  expect(first).toMatchObject({ cause: 'missed', state: 'started' })
  expect(first?.lateMs).toBeGreaterThanOrEqual(2.5 * 3_600_000)
  const sent = await t.client.inState(String(first?.item?.id), 'delivered')
  expect(sent).toMatchObject({ dueAt: from, message: from })
  expect((await call('POST', '/down-paused/resume', { dryRun: true })).body).toEqual({ missedCount: 3 })
  expect((await call('POST', '/down-paused/resume', { missed: 'once' })).body).toEqual({ missedCount: 1 })
  expect(hours(await settled('down-paused', 1))).toEqual(['08:00'])
})

test('over a clock change a rule runs once at 02:30, and every 15 minutes has no hole', async () => {
  await restartAt('2027-03-14T06:50:00Z')
  const zone = {
    timeZone: 'America/New_York',
    missed: 'all',
    notification: { message: '{{ occurrence.local }}' },
  }
  await put('gap-daily', { ...zone, cron: '30 2 * * *' })
  await put('gap-quarters', { ...zone, cron: '*/15 * * * *' })
  await put('gap-skip', { ...zone, cron: '30 2 * * *', dstGap: 'skip' })
  await restartAt('2027-03-14T07:50:00Z')
  expect(hours(await settled('gap-daily', 1))).toEqual(['07:00'])
  expect(hours(await settled('gap-quarters', 4))).toEqual(['07:00', '07:15', '07:30', '07:45'])
  await restartAt('2027-11-07T05:10:00Z')
  await put('overlap-first', { ...zone, cron: '30 1 * * *' })
  await put('overlap-both', { ...zone, cron: '30 1 * * *', dstOverlap: 'both' })
  await restartAt('2027-11-07T07:10:00Z')
  expect(hours(await settled('overlap-first', 1))).toEqual(['05:30'])
  expect(hours(await settled('overlap-both', 2))).toEqual(['05:30', '06:30'])
  expect(await runsOf('gap-skip')).toSatisfy((runs: Run[]) => !hours(runs).includes('07:00'))
})

test('while the last run is not final the next one is left out, and says why', async () => {
  await t.client.call('POST', '/v1/queues/log/pause')
  await put('serial', { cron: '* * * * * *', concurrent: 'skip', notification: { message: 'x' } })
  await put('parallel', { cron: '* * * * * *', notification: { message: 'x' } })
  const runs = await settled('serial', 3)
  expect(runs[0]?.state).toBe('started')
  expect(runs.slice(1).every(({ state, reason }) => state === 'skipped' && reason === 'still_running')).toBe(
    true,
  )
  expect((await runsOf('parallel')).every(({ state }) => state === 'started')).toBe(true)
  const byHand = await call('POST', '/serial/run-now')
  expect(byHand.body).toMatchObject({ state: 'skipped', reason: 'still_running' })
  await t.client.call('POST', '/v1/queues/log/resume')
  await t.client.inState(String(runs[0]?.item?.id), 'delivered')
  await eventually('it runs again', async () => {
    const last = (await runsOf('serial')).at(-1)
    return last?.state === 'started' && last.id !== runs[0]?.id
  })
  for (const name of ['serial', 'parallel']) await call('DELETE', `/${name}`)
})

test('content goes live and ceases to be by a schedule; where it is gone, the run is a dead letter and the next one comes', async () => {
  const story = { id: 'recurring', data: { title: 'Every second' } }
  expect((await t.client.call('POST', '/v1/content/story', story)).status).toBe(201)
  await put('go-live', { cron: '* * * * * *', publish: { type: 'story', id: 'recurring' } })
  const [run] = await settled('go-live', 1)
  expect(run?.item).toMatchObject({ kind: 'publication' })
  await eventually('it is live', async () => {
    const { body } = await t.client.call('GET', '/v1/content/story/recurring')
    return body.status === 'published'
  })
  await call('DELETE', '/go-live')
  await put('go-away', { cron: '* * * * * *', unpublish: { type: 'story', id: 'recurring' } })
  await eventually('it is not', async () => {
    const { body } = await t.client.call('GET', '/v1/content/story/recurring')
    return body.status === 'draft'
  })
  await t.client.call('DELETE', '/v1/content/story/recurring', undefined, ANY)
  const failed = await eventually('two runs have failed', async () => {
    const found = (await runsOf('go-away')).filter(({ state }) => state === 'failed')
    return found.length >= 2 && found
  })
  expect(failed[0]).toMatchObject({ reason: 'refused', error: { code: 'not-found' } })
  await call('POST', '/go-away/pause')
  const dead = await t.client.call('GET', '/v1/dead-letters?kind=schedule')
  expect(dead.body.items[0]).toMatchObject({
    kind: 'schedule',
    queue: 'schedules',
    title: 'go-away',
    parent: 'go-away',
    error: { code: 'not-found' },
  })
  await t.client.call('POST', '/v1/content/story', story)
  const retried = await call('POST', `/go-away/runs/${failed[0]?.id}/retry`)
  expect([retried.status, retried.body.state]).toEqual([200, 'pending'])
  await eventually('while the schedule is paused it is left alone', async () => {
    const [row] = await t.database.query<{ n: number }>(
      `select (select count(*) from yeyak.timers where subject_id::text = $1)::int
        + (select count(*) from yeyak_queue.job where data ->> 's' = $1 and state <= 'active')::int as n`,
      [failed[0]?.id],
    )
    return row?.n === 0
  })
  await call('POST', '/go-away/resume', { missed: 'skip' })
  await eventually('the run is made after all', async () =>
    (await runsOf('go-away')).some(({ id, state }) => id === failed[0]?.id && state === 'started'),
  )
  expect((await call('POST', `/go-away/runs/${failed[0]?.id}/retry`)).body.code).toBe('already-final')
  expect((await call('DELETE', '/go-away')).status).toBe(204)
  expect((await t.client.call('GET', '/v1/dead-letters?kind=schedule')).body.items).toEqual([])
})

test('somebody’s open transaction on one schedule, or on one item, delays no other schedule', async () => {
  await t.client.call('POST', '/v1/content/story', { id: 'held', data: { title: 'Held' } })
  await put('held-item', { cron: '* * * * * *', publish: { type: 'story', id: 'held' } })
  await put('held-row', { cron: '* * * * * *', notification: { message: 'x' } })
  await put('free', { cron: '* * * * * *', notification: { message: 'x' } })
  const item = await hold(database, `select 1 from yeyak.content where id = 'held' for update`)
  const row = await hold(database, `select 1 from yeyak.schedules where name = 'held-row' for update`)
  const before = (await runsOf('free')).length
  const runs = await settled('free', before + 3)
  expect(Math.max(...runs.slice(before + 1).map(({ lateMs }) => lateMs))).toBeLessThan(2_000)
  await item.release()
  await row.release()
  for (const name of ['held-item', 'held-row']) {
    await settled(name, (await runsOf(name)).length + 1)
    const all = await runsOf(name)
    expect(new Set(all.map(({ occurrenceAt }) => occurrenceAt)).size).toBe(all.length)
  }
  for (const name of ['held-item', 'held-row', 'free']) await call('DELETE', `/${name}`)
})

test('pause, edit and delete raced against what is due: nothing twice, nothing early, nothing after a delete', async () => {
  const names = Array.from({ length: 12 }, (_, i) => `raced-${i}`)
  for (const name of names)
    await put(name, { cron: '* * * * * *', missed: 'all', notification: { message: 'x' } })
  const act = async (name: string, round: number) => {
    const actions = [
      () => call('POST', `/${name}/pause`),
      () => call('POST', `/${name}/resume`, { missed: 'all' }),
      () => call('PATCH', `/${name}`, { notification: { message: `x${round}` } }),
      () => call('POST', `/${name}/backfill`, { from: { delay: 0 }, to: { delay: 0 } }),
    ]
    const { status } = (await actions[(round + name.length) % 4]?.()) ?? { status: 500 }
    expect(status).toBeLessThan(500)
  }
  // Over three of their instants.
  const endMs = performance.now() + 3_000
  for (let round = 0; performance.now() < endMs; round += 1)
    await Promise.all(names.map((name) => act(name, round)))
  await Promise.all(names.slice(0, 6).map((name) => call('DELETE', `/${name}`)))
  const [gone] = await database.query<{ at: Date }>('select clock_timestamp() as at')
  for (const name of names.slice(6)) {
    await call('POST', `/${name}/pause`)
    await call('POST', `/${name}/resume`, { missed: 'all' })
    await call('POST', `/${name}/pause`)
  }
  const rows = await database.query<{ early: number; after: number; n: number; sent: number }>(
    `select count(*) filter (where late_ms < 0)::int as early, count(*)::int as n,
       count(*) filter (where started_at > $1 and schedule_id not in (select id from yeyak.schedules))::int as after,
       count(distinct item_id)::int as sent
     from yeyak.schedule_runs where name like 'raced-%' and state = 'started'`,
    [gone?.at],
  )
  expect(rows[0]).toMatchObject({ early: 0, after: 0 })
  expect(rows[0]?.sent).toBe(rows[0]?.n)
  const orphans = await database.query(
    `select 1 from yeyak.notifications n where schedule_id like 'raced-%'
       and not exists (select 1 from yeyak.schedule_runs r where r.item_id = n.id::text)`,
  )
  expect(orphans).toEqual([])
  for (const name of names.slice(6)) {
    await call('POST', `/${name}/resume`, { missed: 'skip' })
    await call('DELETE', `/${name}`)
  }
})

test('what has come to its time before its rule is exchanged is run all the same, and nothing of the old rule after it', async () => {
  await t.client.call('POST', '/v1/queues/schedules/pause')
  await put('exchanged', { cron: '* * * * * *', missed: 'all', notification: { message: 'old' } })
  await put('exchanged-once', { cron: '* * * * * *', notification: { message: 'old' } })
  const [due] = (await call('GET', '/exchanged')).body.nextRuns
  await eventually('two of them are due', async () => {
    const [{ at } = { at: new Date(0) }] = await database.query<{ at: Date }>(
      'select clock_timestamp() as at',
    )
    return at.getTime() > Date.parse(due) + 1_000
  })
  const change = { cron: '0 0 1 1 *', notification: { message: 'new' } }
  for (const name of ['exchanged', 'exchanged-once'])
    expect((await call('PATCH', `/${name}`, change)).body.nextRuns[0]).toContain('-01-01T00:00:00.000Z')
  await t.client.call('POST', '/v1/queues/schedules/resume')
  const runs = await settled('exchanged', 2)
  expect(runs[0]).toMatchObject({ occurrenceAt: due, state: 'started' })
  expect(runs.every(({ lateMs }) => lateMs >= 0)).toBe(true)
  expect(await settled('exchanged-once', 1)).toHaveLength(1)
  for (const name of ['exchanged', 'exchanged-once']) await call('DELETE', `/${name}`)
})

test('what yeyak.config.ts declares is there when a worker starts, and what it no longer names is said', async () => {
  const body = { cron: '0 9 * * *', notification: { message: 'Declared' } }
  const restart = async (schedules: Record<string, Record<string, unknown>>) => {
    await t.app.stop()
    t = await startTestApp({ database, env: settings, schedules: { project: 'default', schedules } })
  }
  await restart({ 'declared-a': body, 'declared-b': body })
  expect((await call('GET', '/declared-a')).body).toMatchObject({ declared: true, version: 1 })
  await restart({ 'declared-a': { ...body, cron: '0 10 * * *' } })
  expect((await call('GET', '/declared-a')).body).toMatchObject({ cron: '0 10 * * *', version: 2 })
  expect((await call('GET', '/declared-b')).body).toMatchObject({ state: 'active', version: 1 })
  expect(t.records.find(({ msg }) => msg.includes('no longer in yeyak.config.ts'))).toMatchObject({
    names: ['declared-b'],
  })
  const refused = async (name: string, bad: Record<string, unknown>, said: string) =>
    expect(restart({ [name]: bad })).rejects.toThrow(said)
  await refused('bad', { ...body, cron: 'never' }, 'schedules.bad.cron: ')
  await refused('bad', { ...body, timeZone: 'Asia/Seul' }, 'schedules.bad.timeZone: ')
  await refused('bad', { ...body, timeZone: 'Asia/Seul' }, ' → Asia/Seoul')
  await refused(
    'bad',
    { cron: '0 9 * * *' },
    'schedules.bad.notification: a schedule starts exactly one thing',
  )
  await refused('bad', { ...body, misssed: 'all' }, 'schedules.bad.misssed: ')
  await refused('Daily Report', body, 'schedules["Daily Report"] is no name')
  t = await startTestApp({ database, env: settings })
})

test('yeyak verify finds a schedule that nobody will run, and nothing where all is well', async () => {
  await put('verified', { cron: '0 0 1 1 *', notification: { message: 'x' } })
  const verify = async () => {
    const { out, code } = await runCommandHere(['verify', '--json'], { env: { DATABASE_URL: database.url } })
    return { code, findings: JSON.parse(out).findings as { code: string; subject: string; id: string }[] }
  }
  const mine = ({ findings }: Awaited<ReturnType<typeof verify>>) =>
    findings.filter(({ subject }) => subject.startsWith('schedule'))
  expect(mine(await verify())).toEqual([])
  await database.query(
    `delete from yeyak.timers where subject_id = (select id from yeyak.schedules where name = 'verified')`,
  )
  expect(mine(await verify())).toMatchObject([{ code: 'no-timer-no-job', id: 'verified' }])
  await call('DELETE', '/verified')
})

test('yeyak forget takes a person out of schedules, and deletes those that are for nobody else', async () => {
  const mail = (to: unknown) => ({
    ...{ cron: '0 0 1 1 *', timeZone: 'UTC' },
    notification: { channel: 'email', to, subject: 'Hello', message: 'x' },
  })
  await put('forget-one', mail('Jane <jane@example.com>'))
  await put('forget-some', mail(['jane@example.com', 'ann@example.com']))
  const { code, errors } = await runCommand(['forget', 'jane@example.com', '--yes'], {
    env: { DATABASE_URL: database.url },
  })
  expect(code, errors).toBe(0)
  expect((await call('GET', '/forget-one')).status).toBe(404)
  expect((await call('GET', '/forget-some')).body.notification.to).toEqual(['ann@example.com'])
  const [row] = await database.query(
    `select count(*)::int as n from yeyak.events where kind = 'schedule' and data::text like '%jane%'`,
  )
  expect(row).toEqual({ n: 0 })
})
