import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { eventually } from '../kit/poll.ts'
import { putJobs, seedStories } from '../kit/stories.ts'

const env = { YEYAK_POLL_SECONDS: '1' }
let t: TestApp
beforeAll(async () => {
  t = await startTestApp({ env, contentTypes: [{ name: 'post', schema: { type: 'object' } }] })
})
afterAll(() => t.end())

interface Row extends Record<string, unknown> {
  id: string
  status: string
  state: string
  reason: string | null
  late_ms: number | null
}

const rowsOf = (prefix: string) =>
  t.database.query<Row>(
    `select c.id, c.locale, c.status, c.live_revision, c.version, c.due_at, p.state, p.reason, p.late_ms, p.error, p.attempt_no
     from yeyak.publications p left join yeyak.content c on p.resource_id = c.id and p.type = c.type and p.locale = c.locale
     where p.resource_id like $1 || '\\_%' order by p.resource_id, p.locale, p.due_at`,
    [prefix],
  )

const ended = (prefix: string, count: number, timeoutMs?: number) =>
  eventually(
    `${count} of ${prefix} ended`,
    async () => {
      const rows = await rowsOf(prefix)
      return rows.length === count && rows.every(({ state }) => state !== 'scheduled') && rows
    },
    timeoutMs,
  )

const eventsOf = (prefix: string) =>
  t.database.query<{ type: string; subject_id: string; data: Record<string, unknown> }>(
    `select type, subject_id, data from yeyak.events where subject_id like '%:' || $1 || '\\_%' order by id`,
    [prefix],
  )

const logged = (text: string) =>
  eventually(`the log line ${text}`, () => t.records.find(({ msg }) => msg.includes(text))?.msg)

const noJobs = () =>
  eventually('no job left', async () => {
    const rows = await t.database.query(`select 1 from yeyak_queue.job where name like 'publishing.%'`)
    return rows.length === 0
  })

test('what is due goes live, never early, and is told once, in the log too', async () => {
  await seedStories(t.database, { count: 1, prefix: 'one', inSeconds: 0.3 })
  const [row] = await ended('one', 1)
  expect(row).toMatchObject({
    status: 'published',
    live_revision: 1,
    version: 2,
    due_at: null,
    state: 'succeeded',
  })
  expect(row?.late_ms).toBeGreaterThanOrEqual(0)
  const events = await eventsOf('one')
  expect(events).toMatchObject([
    {
      type: 'content.published',
      data: { revision: 1, lateMs: row?.late_ms, tags: ['story', 'story:one_1'] },
    },
  ])
  const line = `[publish-worker] story:one_1 → published @${String(events[0]?.data['publishedAt'])}`
  await logged(line)
  expect(t.records.filter(({ msg }) => msg.includes('one_1')).map(({ msg }) => msg)).toEqual([line])
  expect(t.records.map(({ msg }) => msg)).toContain('[publish-worker] started')
})

test('a locale goes live for itself, and the log names it', async () => {
  await seedStories(t.database, { count: 1, prefix: 'lang', inSeconds: 86_400 })
  await seedStories(t.database, { count: 1, prefix: 'lang', inSeconds: 0, locale: 'ko' })
  await logged('[publish-worker] story:lang_1:ko → published @')
  expect((await rowsOf('lang')).map(({ locale, status }) => [locale, status])).toEqual([
    ['', 'scheduled'],
    ['ko', 'published'],
  ])
})

test('40 items, 40 jobs for each, 4 workers: each goes live exactly once', async () => {
  const roles = { api: false, worker: true }
  await seedStories(t.database, { count: 40, prefix: 'dup', inSeconds: -1, noTimers: true })
  await putJobs(t.database, { copies: 40, where: `p.resource_id like 'dup\\_%'` })
  const others = await Promise.all([1, 2, 3].map(() => startTestApp({ env, roles, database: t.database })))
  const rows = await ended('dup', 40)
  await eventually(
    'no job left',
    async () => {
      const left = await t.database.query(`select 1 from yeyak_queue.job where name = 'publishing.story'`)
      return left.length === 0
    },
    25_000,
  )
  await Promise.all(others.map((other) => other.end()))
  expect(rows.every(({ status, version }) => status === 'published' && version === 2)).toBe(true)
  const events = await eventsOf('dup')
  expect(events).toHaveLength(40)
  expect(new Set(events.map((e) => e.subject_id)).size).toBe(40)
  const lines = [t, ...others].flatMap(({ records }) =>
    records.filter(({ msg }) => /dup_\d+ → published/u.test(msg)),
  )
  expect(lines).toHaveLength(40)
})

test('a stale generation and an early job end as no-ops with their reasons', async () => {
  const day = 86_400
  await seedStories(t.database, { count: 1, prefix: 'stale', inSeconds: day })
  await putJobs(t.database, { copies: 1, generation: 7, where: `p.resource_id = 'stale_1'` })
  await logged('story:stale_1: nothing to do (other_generation)')

  await seedStories(t.database, { count: 1, prefix: 'early', inSeconds: day, noTimers: true })
  await putJobs(t.database, { copies: 1, where: `p.resource_id = 'early_1'` })
  await logged('story:early_1: nothing to do (not_due)')
  const planted = `select 1 from yeyak.timers t join yeyak.publications p on p.id = t.subject_id where p.resource_id = 'early_1'`
  expect(await t.database.query(planted)).toHaveLength(1)
  await noJobs()
  expect((await rowsOf('stale')).concat(await rowsOf('early')).map(({ status }) => status)).toEqual([
    'scheduled',
    'scheduled',
  ])
})

test('a row that was deleted by plain SQL before its time is canceled at it', async () => {
  await seedStories(t.database, { count: 1, prefix: 'raw', inSeconds: 1.5 })
  await t.database.query(`delete from yeyak.content where id = 'raw_1'`)
  expect(await ended('raw', 1)).toMatchObject([{ state: 'canceled', reason: 'deleted' }])
  await logged('story:raw_1: nothing to do (content_gone)')
  expect(await eventsOf('raw')).toMatchObject([{ type: 'content.unscheduled', data: { reason: 'deleted' } }])
})

test('an item whose publish and unpublish are both over is never live', async () => {
  await seedStories(t.database, { count: 5, prefix: 'both', inSeconds: -60, noTimers: true })
  await seedStories(t.database, {
    count: 5,
    prefix: 'both',
    inSeconds: -30,
    action: 'unpublish',
    noTimers: true,
  })
  await putJobs(t.database, { copies: 1, where: `p.resource_id like 'both\\_%'` })
  const rows = await ended('both', 10)
  expect(rows.map(({ status, state }) => `${status} ${state}`)).toEqual(
    Array.from({ length: 5 }, () => ['draft superseded', 'draft succeeded']).flat(),
  )
  expect((await eventsOf('both')).map(({ type }) => type)).toEqual(
    Array.from({ length: 5 }, () => 'content.unscheduled'),
  )
})

test('what is later than it may be is missed, and says so', async () => {
  await seedStories(t.database, { count: 1, prefix: 'late', inSeconds: -60, maxLateSeconds: 30 })
  expect(await ended('late', 1)).toMatchObject([{ status: 'draft', state: 'missed', reason: 'too_late' }])
  expect(await eventsOf('late')).toMatchObject([{ type: 'content.missed' }])
})

test('what its type refuses at its time has failed for good, as it was, and is a dead letter', async () => {
  await seedStories(t.database, {
    count: 3,
    prefix: 'bad',
    inSeconds: 0,
    data: `case i when 2 then '{}' else '{"title":"x"}' end::jsonb`,
  })
  const rows = await ended('bad', 3)
  expect(rows.map(({ status, state }) => `${status} ${state}`)).toEqual([
    'published succeeded',
    'draft failed',
    'published succeeded',
  ])
  expect(rows[1]).toMatchObject({
    reason: 'invalid',
    attempt_no: 1,
    error: { code: 'invalid-request', errors: [{ path: 'data.title' }] },
  })
  const { body } = await t.client.call('GET', '/v1/dead-letters?queue=publishing')
  expect(body.items).toMatchObject([{ kind: 'publication', title: 'publish story:bad_2', reason: 'invalid' }])
  expect(
    (await t.client.call('GET', '/v1/dead-letters?groupBy=error&kind=publication')).body.groups,
  ).toMatchObject([{ key: 'invalid-request', count: 1 }])
  // Mended by an operator, it is tried again.
  await t.database.query(
    `update yeyak.revisions set data = '{"title":"x"}' where content_key = (select key from yeyak.content where id = 'bad_2')`,
  )
  const retried = await t.client.call('POST', `/v1/publications/${body.items[0].id}/retry`)
  expect(retried.status, retried.text).toBe(200)
  await eventually('bad_2 live', async () => (await rowsOf('bad'))[1]?.status === 'published')
})

test('one poison item delays no other, is tried again, and ends as a dead letter', async () => {
  await t.database.query(`
    create function poison() returns trigger language plpgsql as $$
      begin if new.id = 'poison_7' and new.live_revision is not null then raise exception 'poison'; end if; return new; end $$;
    create trigger poison before update on yeyak.content for each row execute function poison()`)
  await seedStories(t.database, { count: 50, prefix: 'poison', inSeconds: 2 })
  await t.database.query(`update yeyak.publications set retry_limit = 1 where resource_id = 'poison_7'`)
  const rows = await eventually('the others are live', async () => {
    const found = await rowsOf('poison')
    return found.filter(({ state }) => state === 'succeeded').length === 49 && found
  })
  expect(Math.max(...rows.map(({ late_ms }) => late_ms ?? 0))).toBeLessThan(4_000)
  const all = await ended('poison', 50, 20_000)
  expect(all.find(({ id }) => id === 'poison_7')).toMatchObject({
    ...{ status: 'draft', state: 'failed', reason: 'retries_exhausted', attempt_no: 2 },
    error: { code: 'P0001', message: 'poison' },
  })
  await t.database.query('drop trigger poison on yeyak.content')
})

test('an item that somebody holds delays no other, and goes live when it is let go', async () => {
  const session = await t.database.session()
  await seedStories(t.database, { count: 20, prefix: 'held', inSeconds: 1.5 })
  await session.query('begin')
  await session.query(`select 1 from yeyak.content where id = 'held_3' for update`)
  await eventually(
    'the others are live',
    async () => {
      const rows = await rowsOf('held')
      return rows.filter(({ state }) => state === 'succeeded').length === 19
    },
    5_000,
  )
  expect((await rowsOf('held')).filter(({ state }) => state === 'scheduled')).toHaveLength(1)
  await session.query('commit')
  await session.end()
  await ended('held', 20)
})

test('several types go live side by side', async () => {
  await seedStories(t.database, { count: 10, prefix: 'typed', type: 'post', inSeconds: 0 })
  const rows = await ended('typed', 10)
  expect(rows.every(({ status }) => status === 'published')).toBe(true)
  await logged('[publish-worker] post:typed_1 → published @')
})

test('what was due and has neither a timer nor a job is planted again', async () => {
  await seedStories(t.database, { count: 3, prefix: 'lost', inSeconds: -120, noTimers: true })
  // A worker looks for them when it starts, and every 30 s.
  const other = await startTestApp({ env, roles: { api: false, worker: true }, database: t.database })
  await ended('lost', 3)
  expect(other.records.some(({ msg }) => msg.includes('planted again'))).toBe(true)
  await other.end()
})
