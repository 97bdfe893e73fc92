import { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { eventually } from '../kit/poll.ts'

const QUEUE = 'send-alert'
let t: TestApp
/** As any other program would have it: its own pg-boss, with nothing but the schema's name. */
let boss: PgBoss
beforeAll(async () => {
  t = await startTestApp()
  boss = new PgBoss({ connectionString: t.database.url, schema: 'yeyak_queue' })
  boss.on('error', () => {})
  await boss.start()
})
afterAll(async () => {
  await boss.stop({ graceful: false })
  await t.end()
})

const logged = (text: string) => eventually(`the line ${text}`, () => t.records.find((r) => r.msg === text))
const isCompleted = (id: string | null) =>
  eventually(`job ${id} completed`, async () => {
    const [row] = await t.database.query<{ state: string }>(
      'select state from yeyak_queue.job where id = $1',
      [id],
    )
    return row?.state === 'completed'
  })
const put = (data: object, options = {}) => boss.send(QUEUE, data, options)
const notificationOf = async (message: string) => {
  const { body } = await t.client.call('GET', `/v1/notifications?q=${encodeURIComponent(message)}`)
  expect(body.items).toHaveLength(1)
  return t.client.get(body.items[0].id)
}

test('a message put there by any pg-boss client is delivered at once, not at the next tick', async () => {
  // Each at another moment of the tick's five seconds; waiting for the tick would take seconds in most of them.
  for (let i = 0; i < 5; i += 1) {
    const message = `alert ${i}`
    const putAt = performance.now()
    const id = await put({ message })
    await logged(`✅ [알림 발송 성공] ${message}`)
    expect(performance.now() - putAt).toBeLessThan(1000)
    await isCompleted(id)
  }
})

test('what it becomes is a notification like any other', async () => {
  await put({ message: 'like any other', other: 1 })
  await logged('✅ [알림 발송 성공] like any other')
  const { id } = await notificationOf('like any other')
  expect(await t.client.inState(id, 'delivered')).toMatchObject({
    ...{ channel: 'log', sendAt: null, attemptCount: 1, retry: { limit: 3 }, metadata: { source: QUEUE } },
  })
})

test.each([
  ['none', {}],
  ['an empty one', { message: '' }],
  ['a number', { message: 5 }],
  ['null', { message: null }],
])('a job whose message is %s is warned of by its id, and completed', async (_, data) => {
  const id = await put(data)
  const record = await logged(`⚠️ [알림 데이터 없음] jobId=${id}`)
  expect(record.level).toBe(40)
  await isCompleted(id)
})

test('a job without data is one without a message', async () => {
  const id = await boss.send(QUEUE)
  await logged(`⚠️ [알림 데이터 없음] jobId=${id}`)
  expect(await isCompleted(id)).toBe(true)
})

test('of a batch each is taken: the good are delivered, the others are warned of', async () => {
  const jobs = Array.from({ length: 250 }, (_, i) => ({
    data: i % 50 === 0 ? {} : { message: `batch ${i}` },
  }))
  await boss.insert(QUEUE, jobs)
  await logged('✅ [알림 발송 성공] batch 249')
  const of = (start: string) => t.records.filter((r) => r.msg.startsWith(start)).length
  await eventually('all of them', () => of('✅ [알림 발송 성공] batch ') === 245)
  await eventually('the warnings', () => of('⚠️ [알림 데이터 없음]') >= 5 + 5)
  expect(new Set(t.records.map((r) => r.msg).filter((m) => m.includes('batch '))).size).toBe(245)
})

test('control characters in a message are escaped in the line', async () => {
  await put({ message: 'a\nb' })
  expect(await logged(String.raw`✅ [알림 발송 성공] a\nb`)).toMatchObject({ level: 30 })
})

test('a job for later waits in pg-boss until then', async () => {
  const id = await put({ message: 'later' }, { startAfter: 2 })
  const putAt = performance.now()
  await logged('✅ [알림 발송 성공] later')
  expect(performance.now() - putAt).toBeGreaterThan(1_500)
  await isCompleted(id)
})

test('one that the database refuses holds up no other, and nothing of it is half-done', async () => {
  await t.database.query(
    `alter table yeyak.notifications add constraint no_poison check (content ->> 'message' <> 'poison')`,
  )
  await boss.insert(QUEUE, [
    { data: { message: 'beside 1' } },
    { data: { message: 'poison' } },
    { data: { message: 'beside 2' } },
  ])
  await logged('✅ [알림 발송 성공] beside 1')
  await logged('✅ [알림 발송 성공] beside 2')
  const [row] = await t.database.query<{ state: string }>(
    `select state from yeyak_queue.job where name = $1 and data ->> 'message' = 'poison'`,
    [QUEUE],
  )
  expect(row?.state).not.toBe('completed')
  await t.database.query('alter table yeyak.notifications drop constraint no_poison')
  await put({ message: 'beside 3' })
  await logged('✅ [알림 발송 성공] beside 3')
})
