import { Kysely, PostgresDialect } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Moved, openZones } from '../../src/app.ts'
import { readDeclared } from '../../src/library/index.ts'
import { createLog } from '../../src/platform/log.ts'
import { applicationPool } from '../kit/application-pool.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { beginCommand } from '../kit/command.ts'
import { runCommandHere } from '../kit/command-here.ts'
import { testConfig } from '../kit/config.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { eventually } from '../kit/poll.ts'
import { seed } from '../kit/seed.ts'

let database: TestDatabase
let t: TestApp
const client = () => new Kysely({ dialect: new PostgresDialect({ pool: applicationPool(database.url) }) })
let own: ReturnType<typeof client>
const PAGE = { table: 'pages', status: 'status', publishAt: 'at' } as const

beforeAll(async () => {
  database = await createTestDatabase()
  await database.query(
    `create table public.pages (id text primary key, status text not null default 'draft', at timestamptz)`,
  )
  own = client()
  const { external } = readDeclared({ client: own, database: database.url, models: { page: PAGE } })
  t = await startTestApp({ database, ...(external && { external }), env: { YEYAK_POLL_SECONDS: '1' } })
})
afterAll(async () => {
  await t.end()
  await own.destroy()
  await database.drop()
})

const ANY = { 'if-match': '*' }
const SEOUL = (local: string) => ({ local, timeZone: 'Asia/Seoul' })
const AT = SEOUL('2031-05-01T09:00')
const RIGHT = '2031-05-01T00:00:00.000Z'
const WRONG = '2031-05-01T01:00:00.000Z'

/** As an older rule, by which these clocks were an hour behind, would have resolved all of it. */
const asByAnOlderRule = async (): Promise<void> => {
  for (const table of ['notifications', 'publications', 'releases'])
    await database.query(
      `with p as (update yeyak.${table} set due_at = due_at + interval '1 hour', next_at = next_at + interval '1 hour'
         ${table === 'notifications' ? `, expires_at = expires_at + interval '1 hour'` : ''}
       where due_at = $1 and state = 'scheduled' returning id, next_at)
       update yeyak.timers t set due_at = p.next_at from p where t.subject_id = p.id`,
      [RIGHT],
    )
  await database.query(`update yeyak.content set due_at = due_at + interval '1 hour' where due_at = $1`, [
    RIGHT,
  ])
  await database.query(`update pages set at = at + interval '1 hour' where at = $1`, [RIGHT])
}

/** Gives seeded ones a wall clock, and an instant that is not its. */
const zoned = (tag: string, given: object, due: string) =>
  database.query(
    `with n as (
       update yeyak.notifications n set send_at = $2, due_at = d.due, next_at = d.due
       from (select id, ${due} as due from yeyak.notifications where tags = array[$1::text]) d where d.id = n.id
       returning n.id, n.next_at)
     update yeyak.timers t set due_at = n.next_at from n where t.subject_id = n.id`,
    [tag, JSON.stringify(given)],
  )

const yeyak = async (...args: string[]) => {
  const { code, out, errors } = await runCommandHere(['reresolve', ...args], {
    env: { DATABASE_URL: database.url },
  })
  return { code, out, errors, json: args.includes('--json') && code === 0 ? JSON.parse(out) : null }
}

/** In this process, which knows the model. */
const pass = async (dryRun = false) => {
  const { external } = readDeclared({ client: own, database: database.url, models: { page: PAGE } })
  const config = testConfig({ DATABASE_URL: database.url })
  const zones = openZones({
    ...{
      config,
      log: createLog({ format: 'json', level: 'silent' }),
      connection: () => ({ connectionString: database.url }),
    },
    ...(external && { external }),
  })
  const found: Moved[] = []
  const result = await zones.run({
    dryRun,
    onMoved: (one) => found.push(one),
  })
  await zones.close()
  return { ...result, found }
}

const timerOf = async (id: string) =>
  (
    await database.query<{ due: Date; generation: number }>(
      `select due_at as due, generation from yeyak.timers where subject_id = $1`,
      [id],
    )
  )[0]
const events = (subject: string, type: string) =>
  database.query<{ data: Record<string, never>; actor: unknown }>(
    `select data, actor from yeyak.events where subject_id = $1 and type = $2 order by id desc`,
    [subject, type],
  )
const notification = async (id: string) => (await t.client.call('GET', `/v1/notifications/${id}`)).body

test(
  'after a change of zone rules the dry run tells, and changes nothing, what the run then does',
  { timeout: 90_000 },
  async () => {
    const id = await t.client.create({
      ...{ message: 'Good morning', sendAt: AT, expiresAt: { delay: '2h' } },
    })
    const fixed = await t.client.create({ message: 'an instant', sendAt: RIGHT })
    await t.client.call('POST', '/v1/content/story', {
      ...{
        id: 'zoned',
        data: { title: 'x' },
        schedule: { publishAt: AT, unpublishAt: '2032-01-01T00:00:00Z' },
      },
    })
    for (const story of ['r1', 'r2'])
      await t.client.call('POST', '/v1/content/story', { id: story, data: { title: 'x' } })
    const items = ['r1', 'r2'].map((story) => ({ type: 'story', id: story }))
    const { body: release } = await t.client.call('POST', '/v1/releases', { title: 'Spring', items })
    await t.client.call('PUT', `/v1/releases/${release.id}/schedule`, { publishAt: AT }, ANY)
    await database.query(`insert into pages (id) values ('p1')`)
    const page = await t.client.call('PUT', '/v1/content/page/p1/schedule', { publishAt: AT })
    expect(page.status, page.text).toBe(200)
    expect(await pass()).toMatchObject({ moved: 0, left: 0, found: [] })

    await asByAnOlderRule()
    await database.query(
      `update yeyak.notifications set due_at = $2, next_at = $2, expires_at = null where id = $1`,
      [fixed, WRONG],
    )
    const before = await database.query('select * from yeyak.timers order by subject_id')
    const dry = await pass(true)
    expect(dry).toMatchObject({ moved: 4, left: 0 })
    expect(dry.found).toMatchObject([
      {
        kind: 'notification',
        id,
        title: 'Good morning',
        timeZone: 'Asia/Seoul',
        local: AT.local,
        before: WRONG,
        after: RIGHT,
      },
      { kind: 'release', id: release.id, title: 'Spring', before: WRONG, after: RIGHT },
      { kind: 'publication', title: expect.stringContaining('publish '), before: WRONG, after: RIGHT },
      { kind: 'publication', title: expect.stringContaining('publish '), before: WRONG, after: RIGHT },
    ])
    expect(await database.query('select * from yeyak.timers order by subject_id')).toEqual(before)
    const said = await runCommandHere(['reresolve', '--dry-run'], {
      env: { DATABASE_URL: database.url, LANG: 'ko_KR.UTF-8' },
    })
    expect(said.out).toContain('시험 실행: 아무것도 바꾸지 않았습니다')
    expect(said.out).toContain('Good morning')

    // Without yeyak.config the command does not know the model `page`, and says so.
    const there = await yeyak('--json')
    expect([there.code, there.errors]).toEqual([1, expect.stringContaining('1 could not be moved now')])
    const rest = await pass()
    expect(rest).toMatchObject({ moved: 1, left: 0 })
    // Together they did what the dry run had told.
    const done: Moved[] = [...JSON.parse(there.out).items, ...rest.found]
    const ids = (moved: readonly Moved[]) => moved.map(({ id: one }) => one).toSorted()
    expect(ids(done)).toEqual(ids(dry.found))

    expect(await notification(id)).toMatchObject({
      dueAt: RIGHT,
      nextAttemptAt: RIGHT,
      expiresAt: '2031-05-01T02:00:00.000Z',
      version: 2,
    })
    expect(await timerOf(id)).toEqual({ due: new Date(RIGHT), generation: 2 })
    expect(await events(id, 'notification.updated')).toMatchObject([
      { actor: null, data: { reason: 'zone_rules', before: { dueAt: WRONG }, after: { dueAt: RIGHT } } },
    ])
    expect((await t.client.call('GET', `/v1/notifications/${id}/timeline`)).text).toContain(
      'rules of its time zone',
    )
    expect(await notification(fixed)).toMatchObject({ dueAt: WRONG, version: 1 })

    const { body: story } = await t.client.call('GET', '/v1/content/story/zoned')
    expect(story).toMatchObject({
      version: 3,
      schedule: { publishAt: AT, publications: [{ dueAt: RIGHT }, {}] },
    })
    expect(await events('story:zoned', 'content.scheduled')).toMatchObject([
      { data: { reason: 'zone_rules', before: [{ dueAt: WRONG }], after: [{ dueAt: RIGHT }] } },
      {},
    ])
    expect(await timerOf(story.schedule.publications[0].id)).toEqual({ due: new Date(RIGHT), generation: 2 })

    expect((await t.client.call('GET', `/v1/releases/${release.id}`)).body).toMatchObject({
      dueAt: RIGHT,
      nextAttemptAt: RIGHT,
      version: 3,
    })
    expect((await timerOf(release.id))?.due).toEqual(new Date(RIGHT))
    const { body: inRelease } = await t.client.call('GET', '/v1/content/story/r1')
    expect(inRelease.schedule.publications).toMatchObject([{ dueAt: RIGHT, releaseId: release.id }])
    expect(await events(release.id, 'release.scheduled')).toMatchObject([
      { data: { reason: 'zone_rules', before: { dueAt: WRONG }, after: { dueAt: RIGHT } } },
      {},
    ])
    expect(await database.query('select at, status from pages')).toEqual([
      { at: new Date(RIGHT), status: 'scheduled' },
    ])
    expect(await pass()).toMatchObject({ moved: 0 })
  },
)

test('what was sent at once, has begun, or waits for a retry is not moved', async () => {
  const make = () => t.client.create({ message: 'x', sendAt: SEOUL('2031-06-01T09:00') })
  const [now, sending, retrying, canceled] = [await make(), await make(), await make(), await make()]
  await t.client.call('POST', `/v1/notifications/${now}/send-now`)
  expect(await t.client.inState(now, 'delivered')).toMatchObject({ sendAt: null })
  await t.client.call('POST', `/v1/notifications/${canceled}/cancel`)
  const off = `due_at = due_at + interval '1 hour', next_at = next_at + interval '1 hour'`
  await database.query(`update yeyak.notifications set ${off} where id = $1`, [canceled])
  await database.query(
    `update yeyak.notifications set ${off}, state = 'sending', attempt_no = 1, attempt_started_at = now(), attempt_due_at = now(),
       attempt_job = gen_random_uuid() where id = $1`,
    [sending],
  )
  await database.query(
    `update yeyak.notifications set ${off}, state = 'retrying', trouble = 1, attempt_no = 1, failures = 1 where id = $1`,
    [retrying],
  )
  const before = await database.query('select id, due_at, generation from yeyak.notifications order by id')
  expect(await pass()).toMatchObject({ moved: 0, left: 0 })
  expect(await database.query('select id, due_at, generation from yeyak.notifications order by id')).toEqual(
    before,
  )
  await database.query(
    `update yeyak.notifications set state = 'scheduled', attempt_no = 0, attempt_job = null where id = $1`,
    [sending],
  )
  await t.client.call('POST', `/v1/notifications/${sending}/cancel`)
})

test('a publication that would meet another one of its item takes the next millisecond', async () => {
  const at = '2031-07-01T00:00:00.000Z'
  await t.client.call('POST', '/v1/content/story', {
    id: 'meets',
    data: { title: 'x' },
    schedule: {
      actions: [
        { action: 'publish', at: SEOUL('2031-07-01T09:00') },
        { action: 'unpublish', at: '2031-07-01T00:30:00Z' },
      ],
    },
  })
  await database.query(
    `update yeyak.publications set due_at = $1::timestamptz - interval '1 hour', next_at = $1::timestamptz - interval '1 hour'
     where resource_id = 'meets' and action = 'publish'`,
    [at],
  )
  await database.query(
    `update yeyak.publications set due_at = $1, next_at = $1 where resource_id = 'meets' and action = 'unpublish'`,
    [at],
  )
  expect(await pass()).toMatchObject({ moved: 1, left: 0 })
  const { body } = await t.client.call('GET', '/v1/content/story/meets')
  expect(body.schedule.publications).toMatchObject([
    { action: 'unpublish', dueAt: at },
    { action: 'publish', dueAt: '2031-07-01T00:00:00.001Z' },
  ])
  expect(await pass()).toMatchObject({ moved: 0 })
})

test(
  'a run that is killed goes on with the next: each moves once, with one event',
  { timeout: 90_000 },
  async () => {
    const count = 3_000
    await seed(database, { count, tag: 'killed' })
    await zoned('killed', SEOUL('2031-08-01T09:00'), `'2031-08-01T02:00:00Z'::timestamptz`)
    const moved = async () =>
      Number(
        (
          await database.query<{ n: string }>(
            `select count(*) as n from yeyak.notifications where tags = '{killed}' and due_at = '2031-08-01T00:00:00Z'`,
          )
        )[0]?.n,
      )
    const doomed = beginCommand(['reresolve'], { env: { DATABASE_URL: database.url } })
    await eventually('some are moved', async () => (await moved()) > 0)
    doomed.child.kill('SIGKILL')
    expect((await doomed.ended).code).toBeNull()
    expect(await moved()).toBeLessThan(count)
    const { code, out } = await yeyak()
    expect([code, out]).toEqual([0, expect.stringContaining('pending wall-clock times')])
    expect(await moved()).toBe(count)
    const [row] = await database.query(
      `select (select count(*)::int from yeyak.events e where e.type = 'notification.updated' and e.data ->> 'reason' = 'zone_rules'
         and e.subject_id in (select id::text from yeyak.notifications where tags = '{killed}')) as events,
       (select count(*)::int from yeyak.notifications where tags = '{killed}' and generation = 2) as once,
       (select count(*)::int from yeyak.timers where due_at = '2031-08-01T00:00:00Z' and generation = 2) as timers`,
    )
    expect(row).toEqual({ events: count, once: count, timers: count })
  },
)

test('raced against the start, each is either sent at its old time or waits for its new one', async () => {
  const count = 400
  const later = new Date(Date.now() + 3 * 3_600_000)
  const local = { local: later.toISOString().slice(0, 19), timeZone: 'UTC' }
  await seed(database, { count, tag: 'raced' })
  await zoned(
    'raced',
    local,
    `date_trunc('milliseconds', now()) + random() * interval '6 s' + interval '0.2 s'`,
  )
  await database.query(`select pg_notify('yeyak_timers', '0')`)
  await eventually('some are sent', async () => {
    const [row] = await database.query<{ n: number }>(
      `select count(*)::int as n from yeyak.notifications where tags = '{raced}' and state <> 'scheduled'`,
    )
    return (row?.n ?? 0) > 5
  })
  const { left } = await pass()
  expect(left).toBe(0)
  const rows = await eventually('all decided', async () => {
    const found = await database.query<{
      state: string
      moved: boolean
      attempts: number
      timers: number
      n: number
    }>(
      `select state, due_at > now() + interval '1 hour' as moved, attempt_no as attempts,
         (select count(*)::int from yeyak.timers t where t.subject_id = n.id and t.generation = n.generation) as timers, count(*)::int as n
       from yeyak.notifications n where tags = '{raced}' group by 1, 2, 3, 4 order by 1`,
    )
    return (
      found.every(({ state, moved }) => state === 'delivered' || (state === 'scheduled' && moved)) && found
    )
  })
  expect(rows).toMatchObject([
    { state: 'delivered', moved: false, attempts: 1, timers: 0 },
    { state: 'scheduled', moved: true, attempts: 0, timers: 1 },
  ])
})

test(
  'a worker with newer zone data resolves what is pending when it starts, and one with older data leaves it',
  { timeout: 90_000 },
  async () => {
    const id = await t.client.create({ message: 'x', sendAt: SEOUL('2031-09-01T09:00') })
    const shift = () =>
      database.query(
        `update yeyak.notifications set due_at = '2031-09-01T01:00:00Z', next_at = '2031-09-01T01:00:00Z' where id = $1`,
        [id],
      )
    const restarted = async (version: string) => {
      await database.query('update yeyak.zone_data set version = $1', [version])
      return startTestApp({ database, roles: { api: false, worker: true } })
    }
    await shift()
    const newer = await restarted('2001a')
    await eventually('moved', async () => (await notification(id)).dueAt === '2031-09-01T00:00:00.000Z')
    const [recorded] = await eventually('recorded', async () => {
      const rows = await database.query<{ version: string }>('select version from yeyak.zone_data')
      return rows[0]?.version === process.versions['tz'] && rows
    })
    expect(recorded).toBeDefined()
    await newer.end()
    await shift()
    const older = await restarted('2999a')
    await eventually('said', () =>
      older.records.some(({ msg }) => msg.includes('zones: this process has the zone data')),
    )
    const refused = await yeyak()
    expect([refused.code, refused.errors]).toEqual([1, expect.stringContaining('2999a already')])
    expect(await notification(id)).toMatchObject({ dueAt: '2031-09-01T01:00:00.000Z' })
    const doctor = await runCommandHere(['doctor'], { env: { DATABASE_URL: database.url } })
    expect(doctor.out).toContain(
      'pending times were resolved by the zone data 2999a; this Node.js has older ones',
    )
    await older.end()
    await database.query('delete from yeyak.zone_data')
  },
)
