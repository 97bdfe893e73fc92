import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../kit/poll.ts'
import { startTestApp } from '../kit/app.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { type EventServer, startEventServer } from '../kit/event-server.ts'
import { writeEvents } from '../kit/event-writer.ts'
import { migrateTemplate } from '../kit/template.ts'

let t: EventServer
beforeAll(async () => {
  t = await startEventServer()
})
afterAll(() => t.end())

const feed = async (query: string) => (await t.client.call('GET', `/v1/events?limit=200&${query}`)).body
const subjects = (body: { items: { subject: { id: string } }[] }) => body.items.map((item) => item.subject.id)
const insertOf = (xid: string, subject: string) =>
  t.database.query(
    `insert into yeyak.events (project_id, kind, subject_id, type, xid) values (1, 'notification', $1, 'notification.created', $2::xid8)`,
    [subject, xid],
  )
const position = (name: string) =>
  t.database.query<{ xid: string; id: string }>(
    `select xid::text, id::text from yeyak.feeds where name = $1`,
    [name],
  )

test(
  'a database that comes from another server is read on: nothing waits, and every reader goes on where it was',
  {
    timeout: 60_000,
  },
  async () => {
    // As they stand in a dump of a server that had come to transaction 9,000,000,000.
    await insertOf('9000000003', 'old-4')
    await insertOf('9000000000', 'old-1')
    await insertOf('9000000001', 'old-2')
    await insertOf('9000000002', 'old-3')
    await t.database.query(`insert into yeyak.feeds (name, xid, id)
    select 'reader-a', xid, id from yeyak.events where subject_id = 'old-1'
    union all select 'reader-b', xid, id from yeyak.events where subject_id = 'old-3'
    union all select 'reader-c', xid, id from yeyak.events where subject_id = 'old-3'`)
    const [last] = await t.database.query<{ n: string }>(
      `select (xid::text::numeric * 1000000000 + id)::text as n from yeyak.events where subject_id = 'old-4'`,
    )
    await writeEvents(t.database, { subject: 'new-1' })
    expect(subjects(await feed(''))).toEqual(['new-1'])

    await migrateTemplate(t.database.url)
    await writeEvents(t.database, { subject: 'new-2' })
    const all = await feed('')
    const old = subjects(all).filter((name) => name.startsWith('old'))
    expect(old).toEqual(['old-1', 'old-2', 'old-3', 'old-4'])
    expect(subjects(all).at(-1)).toBe('new-2')
    const rest = async (name: string) => {
      const [place] = await position(name)
      const after = BigInt(place?.xid ?? 0) * 1_000_000_000n + BigInt(place?.id ?? 0)
      return subjects(await feed(`after=${after}`)).filter((subject) => subject.startsWith('old'))
    }
    expect(await rest('reader-a')).toEqual(expect.arrayContaining(['old-2', 'old-3', 'old-4']))
    expect(await rest('reader-a')).not.toContain('old-1')
    expect(await rest('reader-b')).toEqual(['old-4'])
    expect(await rest('reader-c')).toEqual(['old-4'])
    // Who resumes with an id of the old server is told so, and begins anew.
    expect((await feed(`after=${last?.n}`)).reset).toBe(true)

    const ids = all.items.map((item: { id: string }) => item.id)
    await migrateTemplate(t.database.url)
    expect((await feed('')).items.map((item: { id: string }) => item.id)).toEqual(ids)
  },
)

test(
  'what is restored in more than one batch keeps its order and its readers',
  { timeout: 60_000 },
  async () => {
    await t.database.query(`insert into yeyak.events (project_id, kind, subject_id, type, xid)
    select 1, 'notification', 'many-' || i, 'notification.created', (9500000000 + i)::text::xid8 from generate_series(1, 25000) i`)
    await t.database.query(`update yeyak.feeds set (xid, id) = (
    select xid, id from yeyak.events where subject_id = 'many-15000') where name = 'reader-a'`)
    await migrateTemplate(t.database.url)
    const [place] = await position('reader-a')
    const [count] = await t.database.query<{ before: number; after: number }>(
      `select count(*) filter (where (xid, id) <= ($1::xid8, $2::bigint))::int as before,
       count(*) filter (where (xid, id) > ($1::xid8, $2::bigint))::int as after
     from yeyak.events where subject_id like 'many-%'`,
      [place?.xid, place?.id],
    )
    expect(count).toEqual({ before: 15_000, after: 10_000 })
  },
)

/** As in a dump of a server that is far ahead: every position and every event. */
const comeFromElsewhere = async (database: TestDatabase) => {
  for (const table of ['events', 'feeds'])
    await database.query(`update yeyak.${table} set xid = (xid::text::bigint + 9000000000)::text::xid8`)
}
const roles = { api: true, worker: false }

test('sums go on after a restore: what was added up is not again, and what was not is', async ({
  onTestFinished,
}) => {
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  const first = await startTestApp({ database, roles })
  const create = (app: typeof first) => app.client.create({ message: 'x', sendAt: { delay: '1h' } })
  // Other tests' transactions on this server hold the events back for a moment.
  const reaches = (app: typeof first, count: number) =>
    eventually(`${count} scheduled`, async () => {
      const { counts } = (await app.client.call('GET', '/v1/overview')).body
      expect(counts.scheduled).toBeLessThanOrEqual(count)
      return counts.scheduled === count
    })
  await create(first)
  await create(first)
  await reaches(first, 2)
  await create(first)
  await first.end()

  await comeFromElsewhere(database)
  const second = await startTestApp({ database, roles })
  onTestFinished(second.end)
  await reaches(second, 3)
  await create(second)
  await reaches(second, 4)
  const ahead = await database.query(
    `select name from yeyak.feeds where xid >= pg_snapshot_xmax(pg_current_snapshot())`,
  )
  expect(ahead).toEqual([])
})

test('sums begin after a restore of a database in which nothing had happened', async ({ onTestFinished }) => {
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  await comeFromElsewhere(database)
  const app = await startTestApp({ database, roles })
  onTestFinished(app.end)
  await app.client.create({ message: 'x', sendAt: { delay: '1h' } })
  const { counts } = await eventually('a sum', async () => {
    const { body } = await app.client.call('GET', '/v1/overview')
    return body.counts.scheduled > 0 && body
  })
  expect(counts.scheduled).toBe(1)
})
