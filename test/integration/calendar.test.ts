import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { expectProblem } from '../kit/http-server.ts'
import { seed } from '../kit/seed.ts'

let t: TestApp
beforeAll(async () => {
  t = await startTestApp()
})
afterAll(() => t.end())

const FROM = '2035-03-01T00:00:00.000Z'
const at = (minutes: number) => new Date(Date.parse(FROM) + minutes * 60_000).toISOString()
const calendar = (query: Record<string, string>) =>
  t.client.call('GET', `/v1/calendar?${new URLSearchParams(query).toString()}`)
interface Entry {
  at: string
  id: string | null
  count: number
  title: string
}

/** Many that are due within a minute. */
const crowd = async (count: number, minute: number): Promise<void> => {
  await seed(t.database, { count })
  await t.database.query(
    `update yeyak.notifications set due_at = $1::timestamptz + random() * interval '59 s', content = '{"message":"crowd"}'
     where content ->> 'message' like 'seed %'`,
    [at(minute)],
  )
}

test('what is due is listed by time; canceled ones are left out, and so is what lies outside the range', async () => {
  const first = await t.client.create({ message: 'First, with; signs', sendAt: at(1) })
  const second = await t.client.create({
    channel: 'probe',
    to: 'http://127.0.0.1:9/',
    message: '둘째',
    sendAt: at(2),
  })
  const canceled = await t.client.create({ message: 'canceled', sendAt: at(1) })
  await t.client.call('POST', `/v1/notifications/${canceled}/cancel`)
  await t.client.create({ message: 'outside', sendAt: at(10) })
  const { body, status, headers } = await calendar({ from: FROM, to: at(10) })
  expect(status).toBe(200)
  expect(body).toEqual([
    { at: at(1), kind: 'notification', id: first, title: 'log: First, with; signs', count: 1 },
    { at: at(2), kind: 'notification', id: second, title: 'probe: 둘째', count: 1 },
  ])
  expect(headers.get('link')).toBeNull()
  expect((await calendar({ from: FROM, to: at(10), kind: 'notification' })).body).toHaveLength(2)
})

test('more than 200 a minute are one entry with their number; the answer is bounded, and leads on', async () => {
  await crowd(200, 20)
  await crowd(201, 30)
  const { body } = await calendar({ from: at(20), to: at(31) })
  expect(body).toHaveLength(201)
  expect(body.slice(0, 200).every((entry: Entry) => entry.count === 1)).toBe(true)
  expect(body[200]).toEqual({
    at: at(30),
    kind: 'notification',
    id: null,
    title: '201 notifications',
    count: 201,
  })

  for (const minute of [40, 41, 42]) await crowd(1_200, minute)
  const entries: Entry[] = []
  let path: string | null = `/v1/calendar?${new URLSearchParams({ from: at(20), to: at(60) }).toString()}`
  let pages = 0
  while (path !== null) {
    const reply = await t.client.call('GET', path)
    entries.push(...reply.body)
    path = /^<(.*)>; rel="next"$/.exec(reply.headers.get('link') ?? '')?.[1] ?? null
    pages += 1
  }
  expect(pages).toBe(2)
  expect(entries.reduce((sum, { count }) => sum + count, 0)).toBe(200 + 201 + 3_600)
  expect(entries.map((entry) => entry.at)).toEqual(entries.map((entry) => entry.at).toSorted())
})

test('a minute that holds more than may be read is counted up to that, and what follows is reached', async () => {
  await crowd(3_500, 70)
  const after = await t.client.create({ message: 'after', sendAt: at(71) })
  const { body, headers } = await calendar({ from: at(70), to: at(80) })
  expect(body).toMatchObject([{ at: at(70), id: null, count: 3_000 }])
  const next = /^<(.*)>/.exec(headers.get('link') ?? '')?.[1] ?? ''
  expect((await t.client.call('GET', next)).body).toMatchObject([{ id: after }])
})

test('days that have more than can be listed are counted, each up to 1,000 and by itself', async () => {
  const day = (n: number) => at(10_080 + n * 1_440)
  await crowd(30, 10_090)
  await crowd(1_001, 10_080 + 1_445)
  await t.client.create({ message: 'on the bound', sendAt: day(2) })
  const gone = await t.client.create({ message: 'gone', sendAt: day(1) })
  await t.client.call('POST', `/v1/notifications/${gone}/cancel`)
  const bounds = [0, 1, 2, 3, 4].map(day)
  const counts = async (query: Record<string, string>) =>
    t.client.call('GET', `/v1/calendar/counts?${new URLSearchParams(query).toString()}`)
  const { status, body } = await counts({ bounds: bounds.join(',') })
  expect(status).toBe(200)
  const kind = 'notification'
  expect(body.items).toEqual([
    { from: day(0), to: day(1), kind, count: 30, more: false },
    // One of those that were looked at is canceled.
    { from: day(1), to: day(2), kind, count: 999, more: true },
    { from: day(2), to: day(3), kind, count: 1, more: false },
  ])
  expect((await counts({ bounds: bounds.join(','), kind: 'publication,schedule' })).body.items).toEqual([])
  for (const wrong of [day(0), `${day(1)},${day(0)}`, `${day(0)},x`, `${day(0)},2040-01-01T00:00:00Z`]) {
    const reply = await counts({ bounds: wrong })
    expectProblem({ ...reply, json: reply.body }, 'invalid-parameter')
  }
})

test('a range of more than 400 days, or upside down, and an unknown kind are refused', async () => {
  for (const query of [
    { from: FROM, to: '2036-06-01T00:00:00Z' },
    { from: FROM, to: '2030-01-01T00:00:00Z' },
    { kind: 'x' },
  ]) {
    const reply = await calendar(query)
    expectProblem({ ...reply, json: reply.body }, 'invalid-parameter')
  }
})

test('a token opens the calendar to a calendar program until it expires or is taken back', async () => {
  const near = await t.client.create({ message: 'Soon; 곧', sendAt: { delay: '1h' } })
  const made = await t.client.call('POST', '/v1/calendar/tokens', { name: 'phone' })
  expect(made.status).toBe(201)
  const { id, token, path } = made.body
  expect(token).toMatch(/^yc_[\w-]{43}$/)
  const feed = await t.client.call('GET', path)
  expect(feed.status).toBe(200)
  expect(feed.headers.get('content-type')).toBe('text/calendar; charset=utf-8')
  const unfolded = feed.text.replaceAll('\r\n ', '')
  expect(unfolded).toContain('X-WR-CALNAME:Yeyak: default\r\n')
  expect(unfolded).toContain(`UID:notification-${near}@yeyak\r\n`)
  expect(unfolded).toContain(String.raw`SUMMARY:log: Soon\; 곧`)
  expect(unfolded).not.toContain('2035')

  const { items } = (await t.client.call('GET', '/v1/calendar/tokens')).body
  expect(items).toEqual([{ id, name: 'phone', createdAt: made.body.createdAt, expiresAt: null }])
  const dump = await t.database.query('select to_jsonb(c)::text as row from yeyak.calendar_tokens c')
  expect(JSON.stringify(dump)).not.toContain(token)
  const events = await t.database.query<{ text: string }>(
    `select to_jsonb(e)::text as text from yeyak.events e where kind = 'calendar' order by id`,
  )
  expect(events).toHaveLength(1)
  expect(events[0]?.text).not.toContain(token)

  expect((await t.client.call('DELETE', `/v1/calendar/tokens/${id}`)).status).toBe(204)
  expect((await t.client.call('DELETE', `/v1/calendar/tokens/${id}`)).status).toBe(404)
  for (const wrong of [token, 'yc_x', `yc_${'A'.repeat(43)}`]) {
    const reply = await t.client.call('GET', `/v1/calendar.ics?token=${wrong}`)
    expectProblem({ ...reply, json: reply.body }, 'not-found')
  }
  const past = await t.client.call('POST', '/v1/calendar/tokens', {
    name: 'x',
    expiresAt: '2020-01-01T00:00:00Z',
  })
  expectProblem({ ...past, json: past.body }, 'invalid-request')
  const short = await t.client.call('POST', '/v1/calendar/tokens', {
    ...{ name: 'short', expiresAt: new Date(Date.now() + 3_600_000).toISOString() },
  })
  expect((await t.client.call('GET', short.body.path)).status).toBe(200)
  await t.database.query(`update yeyak.calendar_tokens set expires_at = now() - interval '1 s'`)
  expect((await t.client.call('GET', short.body.path)).status).toBe(404)
})

test('another project’s items are in neither, and its tokens cannot be taken back', async () => {
  await t.database.query(`insert into yeyak.projects (id, name) values (7, 'other')`)
  const id = await t.client.create({ message: 'theirs', sendAt: at(200) })
  const made = await t.client.call('POST', '/v1/calendar/tokens', { name: 'theirs' })
  await t.database.query('update yeyak.notifications set project_id = 7 where id = $1', [id])
  await t.database.query('update yeyak.calendar_tokens set project_id = 7 where id = $1', [made.body.id])
  expect((await calendar({ from: at(199), to: at(201) })).body).toEqual([])
  expect((await t.client.call('DELETE', `/v1/calendar/tokens/${made.body.id}`)).status).toBe(404)
  expect((await t.client.call('GET', made.body.path)).text).toContain('Yeyak: other')
  await t.database.query('update yeyak.projects set deleted_at = now() where id = 7')
  expect((await t.client.call('GET', made.body.path)).status).toBe(404)
})
