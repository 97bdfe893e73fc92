import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { eventually } from '../kit/poll.ts'
import { seedStories } from '../kit/stories.ts'

let t: TestApp
beforeAll(async () => {
  t = await startTestApp({ env: { YEYAK_POLL_SECONDS: '1' } })
})
afterAll(() => t.end())

const COUNT = 300

const publications = () =>
  t.database.query<{ id: string; name: string; state: string; status: string }>(
    `select p.id, c.id as name, p.state, c.status from yeyak.publications p join yeyak.content c on c.id = p.resource_id
     where c.id like 'race\\_%' order by p.id`,
  )

test('cancel and publish are decided by one lock: the answer is what happened', async () => {
  await seedStories(t.database, { count: COUNT, prefix: 'race', inSeconds: 2.5 })
  const rows = await publications()
  const dueAt = await t.database.query<{ ms: number }>(
    `select (extract(epoch from min(due_at) - clock_timestamp()) * 1000)::float8 as ms from yeyak.publications where resource_id like 'race\\_%'`,
  )
  // Around the due instant, so that some come before the worker, some with it and some after it.
  const beginMs = performance.now() + (dueAt[0]?.ms ?? 0) - 150
  const answers = new Map<string, number>()
  await eventually('the due instant is near', () => performance.now() > beginMs)
  await Promise.all(
    rows.map(async ({ id }) => {
      const reply = await t.client.call('POST', `/v1/publications/${id}/cancel`)
      answers.set(id, reply.status)
    }),
  )
  const ended = await eventually('all ended', async () => {
    const found = await publications()
    return found.every(({ state }) => state !== 'scheduled') && found
  })
  const events = new Set(
    (
      await t.database.query<{ s: string }>(
        `select subject_id as s from yeyak.events where type = 'content.published'`,
      )
    ).map(({ s }) => s),
  )
  for (const { id, name, state, status } of ended) {
    const isCanceled = answers.get(id) === 200
    expect([state, status], name).toEqual(isCanceled ? ['canceled', 'draft'] : ['succeeded', 'published'])
    expect(events.has(`story:${name}`), name).toBe(!isCanceled)
  }
  expect([...answers.values()].filter((status) => status !== 200 && status !== 409)).toEqual([])
})

test('items under change by many at once end with what their publications say', async () => {
  await seedStories(t.database, { count: 20, prefix: 'storm', inSeconds: 1.5 })
  const ids = Array.from({ length: 20 }, (_, i) => `storm_${i + 1}`)
  const any = { 'if-match': '*' }
  await Promise.all(
    ids.flatMap((id) => [
      t.client.call('PUT', `/v1/content/story/${id}/schedule`, { publishAt: { delay: 1 } }, any),
      t.client.call('POST', `/v1/content/story/${id}/publish`, {}, any),
      t.client.call(
        'PUT',
        `/v1/content/story/${id}/schedule`,
        { publishAt: { delay: 0.5 }, unpublishAt: { delay: 1.2 } },
        any,
      ),
      t.client.call('DELETE', `/v1/content/story/${id}/schedule`, undefined, any),
    ]),
  )
  await eventually('nothing is pending', async () => {
    const rows = await t.database.query(
      `select 1 from yeyak.publications where resource_id like 'storm\\_%' and finished_at is null`,
    )
    return rows.length === 0
  })
  const wrong = await t.database.query(
    `select c.id, c.status, e.type from yeyak.content c
     left join lateral (select type from yeyak.events e where e.subject_id = 'story:' || c.id
       and e.type in ('content.published', 'content.unpublished') order by e.xid desc, e.id desc limit 1) e on true
     where c.id like 'storm\\_%' and (c.status = 'published') is distinct from (e.type = 'content.published') and e.type is not null`,
  )
  expect(wrong).toEqual([])
})
