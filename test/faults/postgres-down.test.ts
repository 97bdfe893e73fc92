import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { freePort } from '../../src/platform/embedded-postgres/index.ts'
import { createClient } from '../kit/client.ts'
import type { TestDatabase } from '../kit/database.ts'
import { startOwnPostgres } from '../kit/own-postgres.ts'
import { eventually } from '../kit/poll.ts'
import type { TestPostgres } from '../kit/postgres.ts'
import { startProcess, type YeyakProcess } from '../kit/process.ts'

const ANSWER_MS = 5_000
const READY_MS = 5_000

let postgres: TestPostgres
let database: TestDatabase
let running: YeyakProcess[] = []
let isDown = false
const goDown = async () => {
  await postgres.stopServer()
  isDown = true
}
const comeBack = async () => {
  await postgres.startServer()
  isDown = false
}
beforeAll(async () => {
  ;({ postgres, database } = await startOwnPostgres())
})
afterAll(() => postgres.stop())
beforeEach(() => {
  running = []
})
afterEach(async () => {
  await Promise.all(running.map((child) => child.end()))
  if (isDown) await comeBack()
})

const start = async (wait: boolean, env: Record<string, string> = {}) => {
  const child = await startProcess({ role: 'start', wait, env: { DATABASE_URL: database.url, ...env } })
  running.push(child)
  return child
}
const count = async (): Promise<number> => {
  const [row] = await database.query<{ n: number }>('select count(*)::int as n from yeyak.notifications')
  return row?.n ?? -1
}

test('a stopped database is told within 5 s and in the words of each contract, ends nothing, and is got over', async () => {
  const child = await start(true)
  const { call, inState } = createClient(String(child.url))
  const before = await count()
  await goDown()

  const startedAt = performance.now()
  const [old, fresh, list, ready, alive] = await Promise.all([
    call('POST', '/schedule-notification', { message: 'lost' }),
    call('POST', '/v1/notifications', { message: 'lost' }),
    call('GET', '/v1/notifications'),
    call('GET', '/readyz'),
    call('GET', '/healthz'),
  ])
  expect(performance.now() - startedAt).toBeLessThan(ANSWER_MS)
  expect([old.status, old.text]).toEqual([500, '서버 오류 발생'])
  expect(old.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  for (const reply of [fresh, list]) {
    expect([reply.status, reply.body.code]).toEqual([503, 'unavailable'])
    expect(reply.headers.get('retry-after')).not.toBe(null)
  }
  expect([ready.status, alive.status]).toEqual([503, 200])
  const complaint = await child.logged('작업 예약 실패:')
  expect(complaint.msg.length).toBeGreaterThan('작업 예약 실패: '.length)

  await comeBack()
  await eventually('ready', async () => (await call('GET', '/readyz')).status === 200, READY_MS)
  expect(await count()).toBe(before)
  const reply = await call('POST', '/v1/notifications', { message: 'found' })
  expect(reply.status).toBe(201)
  await inState(reply.body.id, 'delivered')
  expect(child.errors).toBe('')
})

test('a database that is down at boot is waited for: not ready meanwhile, ready within 5 s of its return', async () => {
  await goDown()
  const port = await freePort()
  const child = await start(false, { PORT: String(port) })
  await child.logged('cannot be reached yet')
  const { call } = createClient(`http://127.0.0.1:${port}/`)
  const [ready, alive, old, fresh] = await Promise.all([
    call('GET', '/readyz'),
    call('GET', '/healthz'),
    call('POST', '/schedule-notification', { message: 'early' }),
    call('POST', '/v1/notifications', { message: 'early' }),
  ])
  expect([ready.status, alive.status, old.status, fresh.status]).toEqual([503, 200, 503, 503])
  expect(fresh.body).toMatchObject({ code: 'unavailable', reason: 'starting' })
  await comeBack()
  await eventually('ready', async () => (await call('GET', '/readyz')).status === 200, READY_MS)
  await child.logged('test: up')
})

test('YEYAK_BOOT_WAIT_SECONDS bounds that wait, 0 does not, and a signal ends it cleanly', async () => {
  await goDown()
  const cli = async (seconds: string) => {
    const env = { DATABASE_URL: database.url, YEYAK_BOOT_WAIT_SECONDS: seconds }
    const child = await startProcess({ role: 'start', program: 'cli', wait: false, env })
    running.push(child)
    return child
  }
  const startedAt = performance.now()
  const [bounded, endless] = await Promise.all([cli('2'), cli('0')])
  expect(await bounded.exited).toBe(1)
  expect(performance.now() - startedAt).toBeGreaterThan(1_500)
  const failure = await bounded.logged('서버 시작 실패:')
  expect(failure.msg).toContain('could not be reached within 2 s')
  expect(failure.msg).toContain('ECONNREFUSED')

  await endless.logged('cannot be reached yet')
  endless.kill('SIGTERM')
  expect(await endless.exited).toBe(0)
  expect(endless.records.filter((record) => record.msg.includes('서버 시작 실패:'))).toEqual([])
})
