import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { eventually } from '../kit/poll.ts'
import { seedStories } from '../kit/stories.ts'
import { createEndpoint, deliveriesOf, ENDPOINT_ENV } from '../kit/webhook-endpoints.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../kit/webhook-receiver.ts'

/** What other systems got wrong, where no other test holds it already; docs/publishing-elsewhere.md lists all. */
const env = { ...ENDPOINT_ENV, YEYAK_POLL_SECONDS: '1' }
let t: TestApp
let receiver: WebhookReceiver
beforeAll(async () => {
  receiver = await startWebhookReceiver()
  t = await startTestApp({
    env,
    contentTypes: [
      {
        name: 'post',
        schema: { type: 'object' },
        slug: 'slug',
        tags: ['post:{id}'],
        paths: ['/posts/{slug}'],
      },
    ],
  })
})
afterAll(async () => {
  await t.end()
  await receiver.stop()
})

const ANY = { 'if-match': '*' }
const draft = (id: string, more: object = {}, type = 'story') =>
  t.client.call('POST', `/v1/content/${type}`, { id, data: { title: `Title of ${id}` }, ...more })
const item = async (id: string) => (await t.client.call('GET', `/v1/content/story/${id}`)).body
const schedule = (id: string, body: object) =>
  t.client.call('PUT', `/v1/content/story/${id}/schedule`, body, ANY)
const live = (id: string) =>
  eventually(`${id} live`, async () => {
    const found = await item(id)
    return found.status === 'published' && found
  })
const published = (subject: string) =>
  t.database.query<{ data: Record<string, unknown>; actor: { kind: string } | null }>(
    `select data, actor from yeyak.events where subject_id = $1 and type = 'content.published' order by id`,
    [subject],
  )

test('workers that start again and again, many at once, plant nothing that is planted, and nothing twice', async () => {
  await seedStories(t.database, { count: 20, prefix: 'boot', inSeconds: 86_400 })
  const timers = () =>
    t.database.query(
      `select x.* from yeyak.timers x join yeyak.publications p on p.id = x.subject_id where p.resource_id like 'boot\\_%' order by 1`,
    )
  const before = await timers()
  const others = await Promise.all(
    Array.from({ length: 8 }, () =>
      startTestApp({ database: t.database, env, roles: { api: false, worker: true } }),
    ),
  )
  await Promise.all(others.map((other) => other.end()))
  expect(before).toHaveLength(20)
  expect(await timers()).toEqual(before)
})

test('what is due in a second, in 11 minutes, in 25 days and in 5 years is a row with a timer, to the millisecond', async () => {
  for (const seconds of [1.5, 660, 25 * 86_400, 5 * 365 * 86_400]) {
    const at = new Date(Date.now() + seconds * 1000 + 0.123).toISOString()
    const { body } = await draft(`in-${seconds}`, { schedule: { publishAt: at } })
    const [row] = await t.database.query<{ due: Date }>(
      'select due_at as due from yeyak.timers where subject_id = $1',
      [body.schedule.publications[0].id],
    )
    expect(row?.due.toISOString()).toBe(at)
  }
  await live('in-1.5')
})

test('rescheduled to another time and back, it goes live once', async () => {
  await draft('back')
  const a = new Date(Date.now() + 1_500).toISOString()
  for (const publishAt of [a, new Date(Date.now() + 3_600_000).toISOString(), a])
    expect((await schedule('back', { publishAt })).status).toBe(200)
  expect(await live('back')).toMatchObject({
    publishedAt: expect.stringMatching(a.slice(0, 17)),
    schedule: null,
  })
  await eventually('no job', async () => {
    const jobs = await t.database.query(`select 1 from yeyak_queue.job where name = 'publishing.story'`)
    return jobs.length === 0
  })
  expect(await published('story:back')).toHaveLength(1)
})

test('by hand, by its time and in a release one thing is told: webhooks hear of each, with tags and paths', async () => {
  const endpoint = await createEndpoint(t.client, receiver.url, ['content.published'])
  const names = ['by-hand', 'by-time', 'by-release']
  for (const id of names) await draft(id, { data: { title: 'x', slug: `s-${id}` } }, 'post')
  const call = (path: string, body?: object) => t.client.call('POST', path, body, ANY)
  await call('/v1/content/post/by-hand/publish')
  await t.client.call('PUT', '/v1/content/post/by-time/schedule', { publishAt: { delay: 0.5 } }, ANY)
  const release = await call('/v1/releases', { title: 'R', items: [{ type: 'post', id: 'by-release' }] })
  await t.client.call('PUT', `/v1/releases/${release.body.id}/schedule`, { publishAt: { delay: 0.5 } }, ANY)
  await deliveriesOf(
    t.client,
    endpoint.id,
    (items) => items.filter(({ state }: { state: string }) => state === 'delivered').length === 3,
  )
  const told = await Promise.all(names.map(async (id) => (await published(`post:${id}`))[0]?.data))
  const members = Object.keys(told[0] ?? {}).toSorted()
  for (const [i, data] of told.entries()) {
    expect(
      Object.keys(data ?? {})
        .filter((name) => name !== 'releaseId')
        .toSorted(),
    ).toEqual(members)
    expect(data).toMatchObject({
      tags: [`post:${names[i]}`],
      paths: [`/posts/s-${names[i]}`],
      revision: 1,
      before: null,
    })
  }
})

test('what was due while every worker was down goes live when one starts, and says how late', async () => {
  const own = await startTestApp({ env, roles: { api: true, worker: false } })
  await own.client.call('POST', '/v1/content/story', {
    ...{ id: 'down', data: { title: 'x' }, schedule: { publishAt: { delay: 0.3 } } },
  })
  await eventually('it is due', async () => {
    const [row] = await own.database.query(
      `select 1 from yeyak.publications where due_at < now() - interval '0.5 s'`,
    )
    return row !== undefined
  })
  const shown = await own.database.query(`select id from yeyak.live('story')`)
  expect(shown).toEqual([{ id: 'down' }])
  const worker = await startTestApp({ env, database: own.database, roles: { api: false, worker: true } })
  const [done] = await eventually('done', async () => {
    const { body } = await own.client.call('GET', '/v1/publications?state=succeeded')
    return body.items.length === 1 && body.items
  })
  expect(done.lateMs).toBeGreaterThan(500)
  await worker.end()
  await own.end()
})

test('what is overdue shows in the metrics, publications too', async () => {
  await t.client.call('POST', '/v1/queues/publishing/pause')
  await draft('overdue', { schedule: { publishAt: { delay: 0.2 } } })
  const value = async () =>
    Number(/^yeyak_overdue_items (\d+)$/mu.exec((await t.client.call('GET', '/metrics')).text)?.[1])
  await eventually('one is overdue', async () => (await value()) === 1)
  await t.client.call('POST', '/v1/queues/publishing/resume')
  await live('overdue')
  expect(await eventually('none is', async () => (await value()) === 0)).toBe(true)
})

test('a wall clock that does not exist, or comes twice, is refused with both instants, and decided by who says how', async () => {
  await draft('clock')
  const gap = { local: '2031-03-30T02:30', timeZone: 'Europe/Berlin' }
  const overlap = { local: '2031-10-26T02:30', timeZone: 'Europe/Berlin' }
  for (const publishAt of [gap, overlap]) {
    const refused = await schedule('clock', { publishAt })
    expect([refused.status, refused.body.code]).toEqual([422, 'ambiguous-local-time'])
    expect(refused.body.candidates).toHaveLength(2)
    const taken = await schedule('clock', { publishAt: { ...publishAt, disambiguation: 'later' } })
    expect(taken.body.schedule.publications).toMatchObject([{ dueAt: refused.body.candidates[1] }])
    expect(taken.body.schedule.publishAt).toEqual({ ...publishAt, disambiguation: 'later' })
  }
})

test.each(['1', 1, '2031-02-30T00:00:00Z', '09/01/2031', '2031-09-01', '2031-09-01T00:00:00', '', true])(
  'what only looks like a time (%j) is refused, and publishes nothing',
  async (publishAt) => {
    const id = `odd-${JSON.stringify(publishAt).replaceAll(/\W/gu, '')}`
    await draft(id)
    const refused = await schedule(id, { publishAt })
    expect(refused.status).toBe(422)
    expect(refused.body.errors[0].path).toMatch(/^publishAt/u)
    expect(await item(id)).toMatchObject({ status: 'draft', version: 1, schedule: null })
  },
)

test('what went live is the revision that was scheduled, byte for byte, whatever was edited since', async () => {
  const { body } = await draft('bytes', { schedule: { publishAt: { delay: 0.8 } } })
  const [revision] = (await t.client.call('GET', '/v1/content/story/bytes/revisions')).body.items
  expect(
    (await t.client.call('PATCH', '/v1/content/story/bytes', { data: { title: 'Later' } }, ANY)).body,
  ).toMatchObject({
    schedule: { draftAhead: true, revision: 1 },
  })
  await live('bytes')
  const shown = (await t.client.call('GET', '/v1/content/story/bytes?view=live')).body
  expect(shown).toMatchObject({ data: body.data, liveRevision: 1, draftRevision: 2 })
  expect((await published('story:bytes'))[0]?.data).toMatchObject({ sha256: revision.sha256, revision: 1 })
})
