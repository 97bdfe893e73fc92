import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BenchDatabase } from '../../bench/kit.ts'
import { plantHistory } from '../../bench/plant-history.ts'
import { plantOthers } from '../../bench/plant-others.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import type { TestDatabase } from '../kit/database.ts'
import { pagesOf } from '../kit/pages.ts'
import { type PlanLog, startPlanLog } from '../kit/plan-log.ts'

const COUNT = 50_000
let log: PlanLog
let database: TestDatabase
let t: TestApp

beforeAll(async () => {
  // With what it read.
  log = await startPlanLog({ 'auto_explain.log_analyze': 'on', 'auto_explain.log_timing': 'off' })
  ;({ database } = log)
  const db: BenchDatabase = {
    ...database,
    query: (text, values) => database.query(text, values),
    holding: async () => {},
  }
  await plantHistory(db, { count: COUNT, delivered: COUNT * 0.6, failed: 500, canceled: 1_000 })
  await plantOthers(db)
  t = await startTestApp({ database, roles: { api: true, worker: false } })
  // What was planted is added up by several readings, which a worker would do beside.
  for (let i = 0; i < 10; i += 1) await t.client.call('GET', '/v1/overview')
}, 120_000)
afterAll(async () => {
  await t.end()
  await log.postgres.stop()
})

const plansOf = async (path: string): Promise<string[]> => {
  const before = await log.size()
  const reply = await t.client.call('GET', path)
  expect(reply.status, path).toBe(200)
  return log.entriesSince(before)
}

const TABLES = 'notifications|runs|publications|timers|attempts\\w*|events\\w*|rollups|job_common'
const SCAN = new RegExp(`Seq Scan on (?:${TABLES})\\b[^\\n]*actual rows=([\\d.]+)`, 'gu')
const READ = /Index[\w ]* Scan[^\n]*actual rows=([\d.]+) loops=(\d+)/gu
const REMOVED = /Rows Removed by Filter: (\d+)/gu

/** Of the first page of each list, how many rows a statement may look at. */
const LISTS: readonly [path: string, rows: number][] = [
  ['/v1/overview', 10_000],
  ['/v1/overview/series?metric=lateness', 2_000],
  ['/v1/notifications', 300],
  ['/v1/notifications?sort=-createdAt', 300],
  ['/v1/notifications?sort=-updatedAt', 9_000],
  ['/v1/notifications?sort=updatedAt', 13_000],
  ['/v1/notifications?state=scheduled', 300],
  ['/v1/notifications?state=queued', 300],
  ['/v1/notifications?state=failed', 1_500],
  ['/v1/notifications?state=delivered', 5_000],
  ['/v1/notifications?state=expired', 5_000],
  ['/v1/notifications?tag=rare77', 5_000],
  ['/v1/notifications?tag=none', 5_000],
  ['/v1/notifications?q=zzz', 5_000],
  ['/v1/notifications?to=nobody', 5_000],
  ['/v1/dead-letters', 300],
  ['/v1/queues', 60_000],
  ['/v1/operations', 300],
  ['/v1/workers', 300],
  ['/v1/calendar', 4_000],
]

test.each(LISTS)('%s reads no table from end to end, and no more than %d rows', async (path, limit) => {
  const plans = await plansOf(path)
  expect(plans.length).toBeGreaterThan(0)
  for (const plan of plans) {
    for (const [, rows] of plan.matchAll(SCAN)) expect(Number(rows), plan).toBeLessThan(10)
    const read = [...plan.matchAll(READ)].map(([, rows, loops]) => Number(rows) * Number(loops))
    const removed = [...plan.matchAll(REMOVED)].map(([, rows]) => Number(rows))
    expect(Math.max(0, ...read, ...removed), plan).toBeLessThanOrEqual(limit)
  }
})

test('a walk by the last change gives each item exactly once, up and down, whatever changes meanwhile', async () => {
  // Few enough to be walked, and in a project of their own size.
  const ids = new Set<string>()
  for (const sort of ['updatedAt', '-updatedAt']) {
    ids.clear()
    let pages = 0
    let repeated = 0
    const path = `/v1/notifications?tag=rare77&limit=5&sort=${sort}`
    for await (const { body, status } of pagesOf(t.client, path)) {
      expect(status).toBe(200)
      for (const { id } of body.items) {
        if (ids.has(id)) repeated += 1
        ids.add(id)
      }
      pages += 1
      const [first] = ids
      if (first !== undefined && pages % 3 === 0)
        await database.query(
          `insert into yeyak.events (project_id, kind, subject_id, type, data) values (1, 'notification', $1, 'notification.updated', '{}')`,
          [first],
        )
    }
    expect(repeated).toBe(0)
    expect(ids.size).toBe(10)
    expect(pages).toBeGreaterThan(2)
  }
})

test('a filter that fits few gives them all, over pages that may be short', async () => {
  const found: string[] = []
  for await (const { body } of pagesOf(t.client, '/v1/notifications?q=number+77'))
    found.push(...body.items.map((item: { message: string }) => item.message))
  const [row] = await database.query<{ n: number }>(
    `select count(*)::int as n from yeyak.notifications where content ->> 'message' like '%number 77%'`,
  )
  expect(found).toHaveLength(row?.n ?? 0)
  expect(new Set(found).size).toBe(found.length)
})

test('a cursor of a walk that is none of ours is refused', async () => {
  const { body } = await t.client.call('GET', '/v1/notifications?sort=-updatedAt&limit=1')
  const [version, , id, digest] = JSON.parse(Buffer.from(body.nextCursor, 'base64url').toString('utf8'))
  for (const key of [
    'x',
    '1:events:1',
    '99999999999999999999:events:1:1',
    '1:rest:2020-99-99T00:00:00.000Z',
    "1:events:1:1'",
  ]) {
    const cursor = Buffer.from(JSON.stringify([version, key, id, digest])).toString('base64url')
    const reply = await t.client.call('GET', `/v1/notifications?sort=-updatedAt&limit=1&cursor=${cursor}`)
    expect(reply.body.code, key).toBe('invalid-cursor')
  }
})
