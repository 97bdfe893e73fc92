import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase } from '../../src/platform/database.ts'
import { createTables } from '../../src/platform/tables.ts'
import { createRederive, type Rederived } from '../../src/schedules/index.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { runCommand } from '../kit/command.ts'
import { eventually } from '../kit/poll.ts'

let t: TestApp
beforeAll(async () => {
  t = await startTestApp({ env: { YEYAK_POLL_SECONDS: '1' } })
})
afterAll(() => t.end())

const ANY = { 'if-match': '*' }
const DAILY = { cron: '0 9 * * *', timeZone: 'Asia/Seoul', notification: { message: 'Report' } }

const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  t.client.call(method, `/v1/schedules${path}`, body, headers)
const create = async (body: object) => {
  const reply = await call('POST', '', body)
  expect(reply.status, reply.text).toBe(201)
  return reply
}
const read = async (name: string) => (await call('GET', `/${name}`)).body
const runsOf = async (name: string) => (await call('GET', `/${name}/runs`)).body.items
const eventsOf = (name: string) =>
  t.database.query<{ type: string; data: Record<string, unknown> }>(
    `select type, data from yeyak.events where kind = 'schedule' and subject_id = $1 order by id`,
    [name],
  )
const typesOf = async (name: string) => (await eventsOf(name)).map(({ type }) => type)

test('a schedule is answered as it was given, with its defaults, its next five runs and its version', async () => {
  const { body, headers } = await create({ name: 'daily-report', ...DAILY })
  expect(body).toMatchObject({
    ...{ name: 'daily-report', ...DAILY, startsAt: null, endsAt: null, exclude: [], jitterSeconds: 0 },
    ...{
      missed: 'once',
      missedWithinSeconds: 86_400,
      concurrent: 'allow',
      dstGap: 'next',
      dstOverlap: 'first',
    },
    ...{ state: 'active', lastRun: null, version: 1 },
  })
  expect(body.nextRuns).toHaveLength(5)
  for (const run of body.nextRuns) expect(run).toMatch(/T00:00:00\.000Z$/u)
  expect(headers.get('location')).toBe('/v1/schedules/daily-report')
  expect(headers.get('etag')).toBe('"1"')
  const same = await call('GET', '/daily-report', undefined, { 'if-none-match': '"1"' })
  expect(same.status).toBe(304)
  expect((await call('POST', '', { name: 'daily-report', ...DAILY })).body.code).toBe('already-exists')
  expect(await typesOf('daily-report')).toEqual(['schedule.created'])
})

test('a run sends what the schedule says, at the instant it says, with the texts filled in', async () => {
  await create({
    ...{ name: 'tick', cron: '* * * * * *', timeZone: 'Asia/Seoul' },
    notification: {
      message: '{{ schedule.name }} {{ occurrence.at }} {{ occurrence.local }}',
      tags: ['tick'],
    },
  })
  const [run] = await eventually('a run', async () => {
    const runs = await runsOf('tick')
    return runs.length >= 2 && runs
  })
  const { item, occurrenceAt } = run
  const sent = await t.client.inState(item.id, 'delivered')
  expect(sent).toMatchObject({ scheduleId: 'tick', dueAt: occurrenceAt, tags: ['tick'] })
  const local = new Date(Date.parse(occurrenceAt) + 9 * 3_600_000).toISOString().slice(0, 19)
  expect(sent.message).toBe(`tick ${occurrenceAt} ${local}`)
  expect(sent.attempts[0].lateMs).toBeGreaterThanOrEqual(0)
  const { body } = await t.client.call('GET', '/v1/notifications?scheduleId=tick&limit=200')
  expect(body.items.length).toBeGreaterThanOrEqual(2)
  expect(new Set(body.items.map((one: { dueAt: string }) => one.dueAt)).size).toBe(body.items.length)
  expect((await read('tick')).lastRun.state).toBe('started')
  expect((await call('GET', '/tick', undefined, { 'if-none-match': '"1"' })).status).toBe(200)
  expect((await call('DELETE', '/tick', undefined, { 'if-match': '"1"' })).status).toBe(204)
  expect((await t.client.get(item.id)).state).toBe('delivered')
  expect(await typesOf('tick')).toContain('schedule.run')
})

test('PUT makes, replaces, and leaves alone what is the same; without If-Match it changes nothing that is there', async () => {
  const put = (body: object, headers = {}) => call('PUT', '/declared', body, headers)
  expect((await put(DAILY)).status).toBe(201)
  const again = await put({ ...DAILY, jitterSeconds: 0, exclude: null })
  expect([again.status, again.body.version]).toEqual([200, 1])
  const other = { ...DAILY, cron: '0 10 * * *' }
  expect((await put(other)).body.code).toBe('if-match-required')
  expect((await put(other, { 'if-match': '"7"' })).body).toMatchObject({ expected: 7, actual: 1 })
  const replaced = await put(other, { 'if-match': '"1"' })
  expect([replaced.status, replaced.body.version, replaced.body.cron]).toEqual([200, 2, '0 10 * * *'])
  expect((await put({ ...other, name: 'else' }, ANY)).body.errors[0].path).toBe('name')
  expect((await call('PUT', '/Not%20a%20name', DAILY)).status).toBe(404)
  expect((await call('PUT', '/gone', DAILY, { 'if-match': '"1"' })).status).toBe(412)
  expect(await typesOf('declared')).toEqual(['schedule.created', 'schedule.updated'])
  expect((await eventsOf('declared'))[1]?.data).toMatchObject({ after: { cron: '0 10 * * *' } })
})

test('PATCH changes one thing, turns cron into rrule, and is checked as a whole', async () => {
  await create({ name: 'patched', ...DAILY })
  const patch = (body: object, headers: Record<string, string> = ANY) =>
    call('PATCH', '/patched', body, headers)
  expect((await patch({ cron: '0 8 * * *' }, {})).body.code).toBe('if-match-required')
  const message = await patch({ notification: { message: 'Other' } })
  expect(message.body).toMatchObject({ version: 2, notification: { message: 'Other' } })
  const rule = await patch({ cron: null, rrule: 'FREQ=DAILY;BYHOUR=9;BYMINUTE=0;BYSECOND=0' })
  expect(rule.body).toMatchObject({ version: 3, rrule: 'FREQ=DAILY;BYHOUR=9;BYMINUTE=0;BYSECOND=0' })
  expect(rule.body.cron).toBeUndefined()
  expect((await patch({ missed: 'once' })).body.version).toBe(3)
  expect((await patch({ rrule: null })).status).toBe(422)
  expect((await patch({ notification: null })).status).toBe(422)
  expect((await patch({ name: 'x' })).body.errors[0].path).toBe('name')
  expect((await patch({ jitterSeconds: null, missed: null })).body.version).toBe(3)
})

test('what could never be run is refused at once, and names the field', async () => {
  const refused = async (body: object, status: number, code: string, path?: string) => {
    const reply = await call('POST', '', { name: 'refused', ...body })
    expect([reply.status, reply.body.code], reply.text).toEqual([status, code])
    if (path !== undefined) expect(reply.body.errors[0].path, reply.text).toBe(path)
  }
  const { notification, cron } = DAILY
  await refused({ notification }, 422, 'invalid-request', 'cron')
  await refused({ ...DAILY, rrule: 'FREQ=DAILY' }, 422, 'invalid-request', 'rrule')
  await refused({ cron }, 422, 'invalid-request', 'notification')
  await refused({ ...DAILY, publish: { type: 'story', id: 'x' } }, 422, 'invalid-request', 'publish')
  await refused({ cron, task: { name: 'x' } }, 404, 'unknown-task', 'task')
  await refused(
    { cron, task: { name: 'image-resize', data: {} } },
    422,
    'invalid-request',
    'task.data.imageUrl',
  )
  await refused({ ...DAILY, cron: '61 * * * *' }, 422, 'invalid-request', 'cron')
  await refused({ ...DAILY, cron: '0 0 30 2 *' }, 422, 'unbounded-schedule', 'cron')
  await refused({ ...DAILY, timeZone: 'Asia/Seul' }, 422, 'unknown-time-zone', 'timeZone')
  await refused({ ...DAILY, name: 'Not a name' }, 422, 'invalid-request', 'name')
  await refused({ ...DAILY, endsAt: '2020-01-01T00:00:00Z' }, 422, 'invalid-request', 'endsAt')
  await refused({ ...DAILY, exclude: ['2026-02-30'] }, 422, 'invalid-request', 'exclude[0]')
  await refused({ ...DAILY, cron: '* * * * *', jitterSeconds: 60 }, 422, 'invalid-request', 'jitterSeconds')
  await refused({ ...DAILY, missed: 'twice' }, 422, 'invalid-request', 'missed')
  const message = (text: string) => ({ ...DAILY, notification: { message: text } })
  await refused(message('{{ occurrence.at '), 422, 'invalid-request', 'notification.message')
  await refused(message('{{ occurrense.at }}'), 422, 'invalid-request', 'notification.message')
  await refused(
    message('{% for i in (1..10) %}x{% endfor %}'),
    422,
    'invalid-request',
    'notification.message',
  )
  await refused(message('{{ occurrence.at | evil }}'), 422, 'invalid-request', 'notification.message')
  await refused(message('{% include "/etc/passwd" %}'), 422, 'invalid-request', 'notification.message')
  await refused({ cron, notification: { channel: 'log' } }, 422, 'invalid-request', 'notification.message')
  await refused(
    { cron, notification: { message: 'x', sendAt: null } },
    422,
    'invalid-request',
    'notification.sendAt',
  )
  const expires = { message: 'x', expiresAt: '2030-01-01T00:00:00Z' }
  await refused({ cron, notification: expires }, 422, 'invalid-request', 'notification.expiresAt')
  await refused({ cron, publish: { type: 'nothing', id: 'x' } }, 404, 'unknown-model')
  const large = { message: 'x', metadata: {}, payload: undefined }
  await refused({ cron, notification: { ...large, message: 'x'.repeat(300_000) } }, 422, 'invalid-request')
  expect((await call('GET', '/refused')).status).toBe(404)
})

test('pause stops it, a dry run of resume shows the count, and resume runs that many', async () => {
  await create({ name: 'paused', cron: '* * * * * *', notification: { message: 'x' } })
  await eventually('a run', async () => (await runsOf('paused')).length > 0)
  expect((await call('POST', '/paused/pause')).body.code).toBe('if-match-required')
  const paused = await call('POST', '/paused/pause', undefined, ANY)
  expect(paused.body).toMatchObject({ state: 'paused', nextRuns: [], version: 2 })
  const before = (await runsOf('paused')).length
  await eventually('some are missed', async () => {
    const { body } = await call('POST', '/paused/resume', { dryRun: true, missed: 'all' })
    return body.missedCount >= 2
  })
  expect(await runsOf('paused')).toHaveLength(before)
  expect((await call('POST', '/paused/resume', { dryRun: true, missed: 'skip' })).body).toEqual({
    missedCount: 0,
  })
  expect((await call('POST', '/paused/resume', { dryRun: true })).body).toEqual({ missedCount: 1 })
  const resumed = await call('POST', '/paused/resume', { missed: 'all' }, ANY)
  expect(resumed.headers.get('etag')).toBe('"3"')
  const { missedCount } = resumed.body
  expect(missedCount).toBeGreaterThanOrEqual(2)
  await call('POST', '/paused/pause', undefined, ANY)
  const missed = async () =>
    (await runsOf('paused')).filter((run: { cause: string }) => run.cause === 'missed')
  expect(await missed()).toHaveLength(missedCount)
  expect((await call('POST', '/paused/resume', { missed: 'skip' }, ANY)).body).toEqual({ missedCount: 0 })
  await eventually('all of them are made up for', async () =>
    (await missed()).every((run: { state: string }) => run.state === 'started'),
  )
  expect((await call('POST', '/paused/resume', {}, ANY)).body).toEqual({ missedCount: 0 })
  await call('DELETE', '/paused', undefined, ANY)
})

test('run-now starts one beside the times, once for each Idempotency-Key', async () => {
  await create({ name: 'by-hand', ...DAILY })
  const run = (headers = {}) => call('POST', '/by-hand/run-now', undefined, { ...ANY, ...headers })
  const first = await run({ 'idempotency-key': 'a' })
  expect(first.status, first.text).toBe(201)
  expect(first.body).toMatchObject({ cause: 'manual', state: 'started', item: { kind: 'notification' } })
  await t.client.inState(first.body.item.id, 'delivered')
  const replayed = await run({ 'idempotency-key': 'a' })
  expect([replayed.body.id, replayed.headers.get('idempotency-replayed')]).toEqual([first.body.id, 'true'])
  expect((await run()).body.id).not.toBe(first.body.id)
  expect(await runsOf('by-hand')).toHaveLength(2)
  const { lastRun, version, nextRuns } = await read('by-hand')
  expect([lastRun.cause, version, nextRuns.length]).toEqual(['manual', 1, 5])
})

test('a backfill makes each run of the past once, whatever is asked again', async () => {
  await create({ name: 'filled', cron: '0 * * * *', notification: { message: '{{ occurrence.at }}' } })
  const fill = (body: object, headers: Record<string, string> = ANY) =>
    call('POST', '/filled/backfill', body, headers)
  const range = { from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' }
  expect((await fill({ ...range, dryRun: true }, {})).body).toEqual({ count: 24 })
  expect(await runsOf('filled')).toEqual([])
  expect((await fill(range, {})).body.code).toBe('if-match-required')
  expect((await fill(range)).body).toEqual({ count: 24 })
  expect((await fill(range)).body).toEqual({ count: 0 })
  expect((await fill({ ...range, to: '2026-11-02T02:00:00Z' })).body).toEqual({ count: 2 })
  const runs = await eventually('all have run', async () => {
    const found = await runsOf('filled')
    return found.length === 26 && found.every((one: { state: string }) => one.state === 'started') && found
  })
  expect(runs[0]).toMatchObject({ occurrenceAt: '2026-11-02T01:00:00.000Z', cause: 'backfill' })
  const sent = await t.client.inState(runs[0].item.id, 'delivered')
  expect(sent.message).toBe('2026-11-02T01:00:00.000Z')
  expect((await fill({ from: range.to, to: range.from })).body.errors[0].path).toBe('to')
  expect((await fill({ from: range.from, to: { delay: '1h' } })).body.errors[0].path).toBe('to')
  const years = await fill({ from: '2020-01-01T00:00:00Z', to: range.to })
  expect(years.body.errors[0]).toMatchObject({ path: 'to' })
})

test('a preview lists the runs, says where clocks change, and puts the rule into words', async () => {
  const preview = (body: object, language = 'en') =>
    call('POST', '/preview', body, { 'accept-language': language })
  const { body } = await preview({
    ...{ cron: '30 2 * * *', timeZone: 'America/New_York', from: '2027-03-13T00:00:00Z', count: 3 },
  })
  expect(body.runs).toMatchObject([
    { at: '2027-03-13T07:30:00.000Z', note: null },
    { at: '2027-03-14T07:00:00.000Z', note: 'dst_gap' },
    { at: '2027-03-15T06:30:00.000Z', note: null },
  ])
  const korean = await preview({ cron: '30 2 * * *' }, 'ko')
  expect(korean.body.text).toMatch(/[가-힣]/u)
  expect(korean.headers.get('content-language')).toBe('ko')
  for (const cron of ['0 0 31 2 *', '1--100000000 * * * *', '*/0 * * * *']) {
    const beginMs = performance.now()
    expect((await preview({ cron })).status, cron).toBe(422)
    expect(performance.now() - beginMs, cron).toBeLessThan(1_000)
  }
})

test('the list is in the order of names, page by page, and filters by state', async () => {
  for (const name of ['list-c', 'list-a', 'list-b']) await create({ name, ...DAILY })
  await call('POST', '/list-b/pause', undefined, ANY)
  const names: string[] = []
  let cursor: string | null = null
  do {
    const reply = await call('GET', `?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`)
    expect(reply.status, reply.text).toBe(200)
    names.push(...reply.body.items.map((one: { name: string }) => one.name))
    cursor = reply.body.nextCursor
  } while (cursor !== null)
  expect(names.filter((name) => name.startsWith('list-'))).toEqual(['list-a', 'list-b', 'list-c'])
  expect(names).toEqual([...new Set(names)].toSorted())
  const { body } = await call('GET', '?state=paused&sort=-createdAt')
  expect(body.items.map((one: { name: string }) => one.name)).toEqual(['list-b'])
  expect((await call('GET', '?state=sleeping')).status).toBe(400)
})

test('what is to run is in the calendar, over 200 a minute as a sum, and in the view for people', async () => {
  const midnight = new Date(Date.now() + 40 * 86_400_000)
  // Nothing else of this file runs then.
  midnight.setUTCHours(0, 30, 0, 0)
  const to = new Date(midnight.getTime() + 3 * 60_000)
  await create({
    ...{ name: 'calendar-dense', cron: '* * * * * *', notification: { message: 'x' } },
    ...{ startsAt: midnight.toISOString(), endsAt: to.toISOString() },
  })
  const rule = { cron: `31 0 ${midnight.getUTCDate()} * *`, notification: { message: 'x' } }
  await create({ name: 'calendar-once', ...rule })
  for (let i = 0; i < 4; i += 1)
    await create({
      name: `calendar-${i}`,
      cron: '* * * * * *',
      notification: { message: 'x' },
      startsAt: midnight.toISOString(),
    })
  const query = new URLSearchParams({ from: midnight.toISOString(), to: to.toISOString(), kind: 'schedule' })
  const { body } = await t.client.call('GET', `/v1/calendar?${query.toString()}`)
  expect(body).toEqual(
    [0, 1, 2].map((minute) => ({
      ...{ at: new Date(midnight.getTime() + minute * 60_000).toISOString(), kind: 'schedule', id: null },
      ...{ title: expect.any(String), count: minute === 1 ? 301 : 300 },
    })),
  )
  const [row] = await t.database.query(
    `select kind, state, title from yeyak.upcoming where id = 'calendar-once'`,
  )
  expect(row).toMatchObject({ kind: 'schedule', state: 'active' })
  for (let i = 0; i < 4; i += 1) await call('DELETE', `/calendar-${i}`, undefined, ANY)
})

test('people pause the queue of schedules: nothing is run, and nothing is lost', async () => {
  const paused = await t.client.call('POST', '/v1/queues/schedules/pause')
  expect(paused.status, paused.text).toBe(200)
  await create({ name: 'queued', cron: '* * * * * *', missed: 'all', notification: { message: 'x' } })
  await eventually('it is due', async () => {
    const [row] = await t.database.query(
      `select 1 from yeyak.schedules where name = 'queued' and next_at < clock_timestamp() - interval '1 second'`,
    )
    return row
  })
  expect(await runsOf('queued')).toEqual([])
  const { body } = await t.client.call('GET', '/v1/queues')
  expect(body.items.find((one: { name: string }) => one.name === 'schedules')).toMatchObject({
    state: 'paused',
    scheduled: expect.any(Number) as number,
  })
  await t.client.call('POST', '/v1/queues/schedules/resume')
  const runs = await eventually('it runs', async () => {
    const found = await runsOf('queued')
    return found.length >= 2 && found.every((one: { state: string }) => one.state === 'started') && found
  })
  const times = runs.map((one: { occurrenceAt: string }) => Date.parse(one.occurrenceAt))
  for (const [i, at] of times.slice(1).entries()) expect(times[i] - at).toBe(1_000)
  await call('DELETE', '/queued', undefined, ANY)
})

test('where the rules of a zone have changed, next runs are derived anew: a dry run says which, and an event tells of each', async () => {
  await create({ name: 'zone-moved', ...DAILY })
  await create({ name: 'zone-same', ...DAILY })
  // As it would stand if the zone had been an hour behind when it was planned.
  await t.database.query(
    `update yeyak.schedules set next_occurrence = next_occurrence + interval '1 hour', next_at = next_at + interval '1 hour'
     where name = 'zone-moved'`,
  )
  const db = createDatabase({
    connection: () => ({ connectionString: t.database.url }),
    ...{ applicationName: 'test', maxConnections: 2, onConnectionLost: () => {} },
  })
  const { batch } = createRederive({ db, tables: createTables('yeyak') })
  const moved = async (dryRun: boolean) => {
    const found: { name: string; by: number }[] = []
    for (let after: string | null = null; ;) {
      const one: Rederived = await batch({ after, limit: 3, dryRun })
      found.push(
        ...one.moved.map(({ name, before, after: to }) => ({
          name,
          by: (to?.getTime() ?? 0) - before.getTime(),
        })),
      )
      after = one.after
      if (after === null) return found
    }
  }
  const expected = [{ name: 'zone-moved', by: -3_600_000 }]
  expect(await moved(true)).toEqual(expected)
  const command = await runCommand(['reresolve', '--dry-run', '--json'], {
    env: { DATABASE_URL: t.database.url },
  })
  expect(command.code, command.errors).toBe(0)
  const { moved: count, items } = JSON.parse(command.out)
  expect([count, items]).toMatchObject([1, [{ kind: 'schedule', id: 'zone-moved', timeZone: 'Asia/Seoul' }]])
  expect(await moved(false)).toEqual(expected)
  expect(await moved(false)).toEqual([])
  expect((await read('zone-moved')).nextRuns[0]).toBe((await read('zone-same')).nextRuns[0])
  expect(await typesOf('zone-moved')).toEqual(['schedule.created', 'schedule.moved'])
  const [timer] = await t.database.query(
    `select 1 from yeyak.timers x join yeyak.schedules s on s.id = x.subject_id and s.generation = x.generation
     where s.name = 'zone-moved' and x.due_at = s.next_at`,
  )
  expect(timer).toBeDefined()

  // Earlier by an hour, and so a minute ago: it is run at once, as one that is late.
  const past = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 60_000)
  const cron = `${past.getUTCMinutes()} ${past.getUTCHours()} * * *`
  await create({ name: 'zone-past', cron, notification: { message: 'x' } })
  await t.database.query(
    `update yeyak.schedules set next_occurrence = $1::timestamptz + interval '1 hour', next_at = $1::timestamptz + interval '1 hour',
       updated_at = $1::timestamptz - interval '1 hour' where name = 'zone-past'`,
    [past],
  )
  expect(await moved(false)).toEqual([{ name: 'zone-past', by: -3_600_000 }])
  const [run] = await eventually('it runs', async () => {
    const runs = await runsOf('zone-past')
    return runs.length > 0 && runs
  })
  expect(run).toMatchObject({ occurrenceAt: past.toISOString(), cause: 'missed', state: 'started' })
  expect((await read('zone-past')).nextRuns[0]).toBe(new Date(past.getTime() + 86_400_000).toISOString())
  // Later by an hour, right after its run: that one is not run once more.
  await t.database.query(
    `update yeyak.schedules set next_occurrence = next_occurrence - interval '1 hour', next_at = next_at - interval '1 hour',
       updated_at = updated_at - interval '3 hours' where name = 'zone-past'`,
  )
  await t.database.query(
    `update yeyak.schedule_runs set occurrence_at = occurrence_at - interval '1 hour' where name = 'zone-past'`,
  )
  expect(await moved(false)).toEqual([{ name: 'zone-past', by: 3_600_000 }])
  expect(await runsOf('zone-past')).toHaveLength(1)
  await db.destroy()
})
