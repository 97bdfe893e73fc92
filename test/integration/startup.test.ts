import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { eventually } from '../kit/poll.ts'
import { type Receiver, startReceiver } from '../kit/receiver.ts'

let database: TestDatabase
let receiver: Receiver
let api: TestApp
let worker: TestApp
beforeAll(async () => {
  ;[database, receiver] = await Promise.all([createTestDatabase(), startReceiver()])
  api = await startTestApp({ database, roles: { api: true, worker: false } })
  worker = await startTestApp({ database, roles: { api: false, worker: true } })
})
afterAll(async () => {
  await Promise.all([api.end(), worker.end()])
  await receiver.stop()
  await database.drop()
})

const LINES = [
  'pg-boss가 시작되었습니다.',
  "'send-alert' 큐가 준비되었습니다.",
  "'send-alert' 워커가 작업을 대기 중입니다.",
  /^알림 API 서버가 http:\/\/localhost:\d+ 에서 실행 중입니다\.$/,
]
const startLines = ({ records }: TestApp) =>
  records.map((r) => r.msg).filter((msg) => /^pg-boss가|큐가 준비|워커가 작업|API 서버가/.test(msg))
const names = async () =>
  (
    await database.query<{ name: string }>(
      `select distinct application_name as name from pg_stat_activity
       where datname = $1 and application_name not like 'test%' order by 1`,
      [database.name],
    )
  ).map((row) => row.name)

test('each role says what it has started, in the order of the contract', async () => {
  const both = await startTestApp()
  try {
    expect(startLines(both)).toEqual(
      LINES.map((line) => (typeof line === 'string' ? line : expect.stringMatching(line))),
    )
    expect(startLines(both).at(-1)).toBe(`알림 API 서버가 ${both.app.url} 에서 실행 중입니다.`)
    const connected = await both.database.query<{ name: string }>(
      `select distinct application_name as name from pg_stat_activity where datname = $1 and application_name <> 'test'`,
      [both.database.name],
    )
    expect(connected).toEqual([{ name: 'yeyak' }])
  } finally {
    await both.end()
  }
  expect(startLines(api)).toEqual([LINES[0], LINES[1], expect.stringMatching(LINES[3] ?? '')])
  expect(startLines(worker)).toEqual([LINES[0], LINES[1], LINES[2]])
  expect(worker.app.url).toBeNull()
})

test('a DBA sees who is who: each connection bears the name of its role', async () => {
  expect(await names()).toEqual(['yeyak-api', 'yeyak-worker'])
})

test('what the API takes in, the worker of another process starts on time, not at its tick', async () => {
  const create = (sendAt: object) =>
    api.client.create({ channel: 'probe', to: receiver.url, message: 'across', sendAt })
  const lateness: number[] = []
  // Spread over more than one tick of 5 s: a worker that only polled would be seconds late for most of them.
  for (const delay of [0, 0.05, 0.3, 0, 0.7, 0, 0.2, 1.1, 0, 0.4]) {
    const id = await create({ delay })
    const done = await api.client.inState(id, 'delivered')
    expect(done.lateMs).toBeGreaterThanOrEqual(0)
    lateness.push(done.lateMs)
  }
  const median = lateness.toSorted((a, b) => a - b)[lateness.length / 2]
  expect(median).toBeLessThan(100)
  expect(Math.max(...lateness)).toBeLessThan(1000)
})

test('an earlier time that the API sets wakes the worker, send-now and retry too', async () => {
  const id = await api.client.create({
    ...{ channel: 'probe', to: receiver.url, message: 'moved', sendAt: { delay: '1h' } },
  })
  await api.client.call('PATCH', `/v1/notifications/${id}`, { sendAt: { delay: 0.1 } })
  expect((await api.client.inState(id, 'delivered')).lateMs).toBeLessThan(1000)
  const other = await api.client.create({ message: 'now', sendAt: { delay: '1h' } })
  await api.client.call('POST', `/v1/notifications/${other}/send-now`)
  expect((await api.client.inState(other, 'delivered')).lateMs).toBeLessThan(1000)
  const third = await api.client.create({ message: 'again', sendAt: { delay: '1h' } })
  await api.client.call('POST', `/v1/notifications/${third}/cancel`)
  await api.client.call('POST', `/v1/notifications/${third}/retry`)
  expect((await api.client.inState(third, 'delivered')).lateMs).toBeLessThan(1000)
})

test('readiness tells each role’s own story', async () => {
  const { status, body } = await api.client.call('GET', '/readyz')
  expect(status).toBe(200)
  expect(body).toMatchObject({
    status: 'ready',
    checks: { database: { state: 'up' }, migrations: {}, queue: {}, alarm: { state: 'elsewhere' } },
  })
})

test('a worker whose connections were all cut off goes on, and is woken again', async () => {
  await database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name like 'yeyak%'`,
    [database.name],
  )
  const lost = (r: { msg: string }) => r.msg.includes('the listening connection was lost')
  await eventually('the loss to be noticed', () => worker.records.some(lost))
  await eventually('it to be back', async () => (await names()).includes('yeyak-worker'))
  const id = await eventually('a create that is taken', async () => {
    const reply = await api.client.call('POST', '/v1/notifications', { message: 'after' })
    return reply.status === 201 && String(reply.body.id)
  })
  expect((await api.client.inState(id, 'delivered')).attemptCount).toBe(1)
})

test('what was due while nothing ran is said at the next start, and sent', async () => {
  const stopped = await createTestDatabase()
  const first = await startTestApp({ database: stopped, roles: { api: true, worker: false } })
  const ids = await Promise.all([1, 2, 3].map((n) => first.client.create({ message: `stopped ${n}` })))
  await first.end()
  const second = await startTestApp({ database: stopped })
  try {
    expect(second.records.map((r) => r.msg)).toContain('3 were due while stopped')
    for (const id of ids) expect((await second.client.inState(id, 'delivered')).lateMs).toBeGreaterThan(0)
  } finally {
    await second.end()
    await stopped.drop()
  }
})

test('two schemas on one database know nothing of each other', async () => {
  const other = await startTestApp({ database, env: { YEYAK_SCHEMA: 'yeyak_b' } })
  try {
    const id = await other.client.create({ message: 'in b' })
    await other.client.inState(id, 'delivered')
    expect((await api.client.call('GET', `/v1/notifications/${id}`)).status).toBe(404)
    expect(worker.records.some((r) => r.msg.endsWith('in b'))).toBe(false)
  } finally {
    await other.end()
  }
})
