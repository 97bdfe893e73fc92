import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'

let t: TestApp
beforeAll(async () => {
  t = await startTestApp()
})
afterAll(() => t.end())

const HOUR = { sendAt: { delay: '1h' } }
const post = (notifications: unknown, more: object = {}) =>
  t.client.call('POST', '/v1/notifications/batch', { notifications, ...more })
const count = async (tag: string) =>
  (
    await t.database.query<{ n: number }>(
      `select count(*)::int as n from yeyak.notifications n join yeyak.timers t on t.subject_id = n.id
       join yeyak.events e on e.subject_id = n.id::text where tags @> array[$1]`,
      [tag],
    )
  )[0]?.n

test('10,000 go in at once, answered in the order of the request, each with its timer and its event', async () => {
  const all = Array.from({ length: 10_000 }, (_, i) => ({ message: `${i}`, tags: ['many'], ...HOUR }))
  const reply = await post(all)
  expect(reply.status).toBe(201)
  expect(reply.body.items).toHaveLength(10_000)
  expect(await count('many')).toBe(10_000)
  for (const i of [0, 499, 500, 9_999]) {
    const found = await t.client.get(reply.body.items[i].id)
    expect(found).toMatchObject({ message: `${i}`, state: 'scheduled', dueAt: reply.body.items[i].dueAt })
  }
})

test('10,001, none, and what is no array are refused', async () => {
  const reply = await post(Array.from({ length: 10_001 }, () => ({ message: 'x' })))
  expect(reply.status).toBe(422)
  expect((await post([])).status).toBe(422)
  expect((await post({ message: 'x' })).body.errors[0].path).toBe('notifications')
})

const BAD: [string, unknown, string, string][] = [
  ['no content', {}, 'invalid-request', '.message'],
  ['a wrong type', { message: 5 }, 'invalid-request', '.message'],
  ['an unknown field', { message: 'x', sendat: 'now' }, 'invalid-request', '.sendat'],
  ['no object', 'x', 'invalid-request', ''],
  ['null', null, 'invalid-request', ''],
  ['a time in the past', { message: 'x', sendAt: '2001-01-01T00:00:00Z' }, 'time-in-past', '.sendAt'],
  ['a field too deep', { message: 'x', retry: { limit: -1 } }, 'invalid-request', '.retry.limit'],
]
test.each(BAD)(
  'with %s in it, all or nothing is nothing, and its place is named',
  async (what, bad, code, path) => {
    for (const place of [0, 7, 14]) {
      const tag = `bad ${what} ${place}`
      const all = Array.from({ length: 15 }, (_, i) =>
        i === place ? bad : { message: 'x', tags: [tag], ...HOUR },
      )
      const reply = await post(all)
      expect(reply.status).toBe(422)
      expect(reply.body.code).toBe(code)
      expect(reply.body.errors[0].path).toBe(`notifications[${place}]${path}`)
      expect(await count(tag)).toBe(0)
    }
  },
)

test.each(BAD)('with %s in it, each by itself is all but that one', async (what, bad, code) => {
  const tag = `each ${what}`
  const all = Array.from({ length: 15 }, (_, i) => (i === 7 ? bad : { message: 'x', tags: [tag], ...HOUR }))
  const reply = await post(all, { mode: 'each' })
  expect(reply.status).toBe(200)
  expect(reply.body).toMatchObject({ created: 14, failed: 1 })
  expect(reply.body.items[7]).toMatchObject({ status: 422, error: { code, status: 422 } })
  expect(reply.body.items.filter((item: { status: number }) => item.status === 201)).toHaveLength(14)
  expect(await count(tag)).toBe(14)
})

test('a row that the database refuses costs all of an all-or-nothing batch, and itself of the other', async () => {
  await t.database.query(
    `alter table yeyak.notifications add constraint no_poison check (content ->> 'message' <> 'poison') not valid`,
  )
  const all = ['x', 'poison', 'y'].map((message) => ({ message, tags: ['poisoned'], ...HOUR }))
  expect((await post(all)).status).toBe(500)
  expect(await count('poisoned')).toBe(0)
  const each = await post(all, { mode: 'each' })
  expect(each.body.items.map((item: { status: number }) => item.status)).toEqual([201, 500, 201])
  await t.database.query('alter table yeyak.notifications drop constraint no_poison')
})

test('two overlapping batches in opposite order never deadlock, and make one of each key', async () => {
  const keys = Array.from({ length: 300 }, (_, i) => `overlap ${i}`)
  const bodies = (order: readonly string[]) =>
    order.map((dedupeKey) => ({ message: 'x', dedupeKey, tags: ['overlap'], ...HOUR }))
  const replies = await Promise.all(
    Array.from({ length: 8 }, (_, i) => post(bodies(i % 2 === 0 ? keys : keys.toReversed()))),
  )
  expect(replies.map((reply) => reply.status)).toEqual(Array.from({ length: 8 }, () => 201))
  expect(await count('overlap')).toBe(300)
  const replaced = await Promise.all(
    [keys, keys.toReversed()].map((order) =>
      post(bodies(order).map((body) => ({ ...body, onDuplicate: 'replace', sendAt: { delay: '2h' } }))),
    ),
  )
  expect(replaced.map((reply) => reply.status)).toEqual([201, 201])
  expect(replaced[0]?.body.items.every((item: { deduplicated?: boolean }) => item.deduplicated)).toBe(true)
})

test('each of many that a batch replaces becomes what stands in its place, at its time, and says what changed', async () => {
  const bodies = (message: string) =>
    Array.from({ length: 600 }, (_, i) => ({
      ...{ message: `${message} ${i}`, dedupeKey: `each ${i}`, onDuplicate: 'replace', tags: [message] },
      sendAt: { delay: 3600 + i },
    }))
  const made = await post(bodies('made'))
  const replaced = await post(bodies('replaced'))
  expect(replaced.status).toBe(201)
  for (const i of [0, 249, 250, 599]) {
    const { id, dueAt } = replaced.body.items[i]
    expect(id).toBe(made.body.items[i].id)
    expect(Date.parse(dueAt)).toBeGreaterThan(Date.parse(made.body.items[i].dueAt))
    expect(await t.client.get(id)).toMatchObject({ message: `replaced ${i}`, dueAt, version: 2 })
    const timeline = await t.client.call('GET', `/v1/notifications/${id}/timeline`)
    expect(timeline.body.items.at(-1)).toMatchObject({
      ...{ type: 'updated', detail: `changed by request: message, tags, next attempt ${dueAt}` },
    })
  }
  expect(
    await t.database.query(
      `select count(*)::int as n from yeyak.timers t join yeyak.notifications n on n.id = t.subject_id
       where n.tags @> array['replaced'] and t.generation = 2 and t.due_at = n.due_at`,
    ),
  ).toEqual([{ n: 600 }])
})

test('a key twice in one batch is one notification; reject refuses the whole, and names the second', async () => {
  const twice = (onDuplicate: string) =>
    [1, 2].map((i) => ({ message: `${i}`, dedupeKey: `twice ${onDuplicate}`, onDuplicate, ...HOUR }))
  const ignored = await post(twice('ignore'))
  expect(ignored.body.items[0].id).toBe(ignored.body.items[1].id)
  expect(ignored.body.items[1].deduplicated).toBe(true)
  const replaced = await post([...twice('replace'), ...twice('replace')])
  expect(new Set(replaced.body.items.map((item: { id: string }) => item.id)).size).toBe(1)
  const rejected = await post(twice('reject'))
  expect(rejected.status).toBe(409)
  expect(rejected.body).toMatchObject({ code: 'duplicate', errors: [{ path: 'notifications[1]' }] })
  const each = await post(
    twice('reject').map((one) => ({ ...one, dedupeKey: 'each' })),
    { mode: 'each' },
  )
  expect(each.body.items.map((item: { status: number }) => item.status)).toEqual([201, 409])
})

test('items with one key are taken in their order in mode each, too: the first makes it, the last replaces it', async () => {
  for (let round = 0; round < 10; round += 1) {
    const items = Array.from({ length: 4 }, (_, i) => ({
      ...{ message: `in order ${i}`, dedupeKey: `in order ${round}`, onDuplicate: 'replace' },
      ...HOUR,
    }))
    const { body } = await post(items, { mode: 'each' })
    expect(body.items.map((item: { status: number }) => item.status)).toEqual([201, 200, 200, 200])
    const made = await t.client.call('GET', `/v1/notifications/${body.items[0].id}`)
    expect(made.body.message).toBe('in order 3')
  }
})

test('one that was replaced is answered as it stands then', async () => {
  const body = { message: 'x', dedupeKey: 'moved', onDuplicate: 'replace' }
  await t.client.call('POST', '/v1/queues/log/pause')
  const first = await post([{ ...body }])
  const later = await post([{ ...body, sendAt: { delay: '1d' } }])
  const [item] = later.body.items
  expect(item).toMatchObject({ id: first.body.items[0].id, state: 'scheduled', deduplicated: true })
  expect(item.dueAt).toBe((await t.client.get(item.id)).dueAt)
  await t.client.call('POST', '/v1/queues/log/resume')
})

test('what is due now is sent at once, and problems come in the caller’s language', async () => {
  const reply = await post([{ message: 'at once' }])
  await t.client.inState(reply.body.items[0].id, 'delivered')
  const korean = await t.client.call(
    'POST',
    '/v1/notifications/batch',
    { notifications: [{}], mode: 'each' },
    { 'accept-language': 'ko' },
  )
  expect(korean.headers.get('content-language')).toBe('ko')
  expect(korean.body.items[0].error.title).toBe('잘못된 요청')
})
