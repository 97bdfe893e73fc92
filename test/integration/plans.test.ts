import { sql } from 'kysely'
import { Writable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { type Channel, messageField } from '../../src/channels/index.ts'
import { DEFAULTS } from '../../src/notifications/repository-insert.ts'
import { createRepository } from '../../src/notifications/index.ts'
import { createDatabase } from '../../src/platform/database.ts'
import { newId } from '../../src/platform/ids.ts'
import { createLog } from '../../src/platform/log.ts'
import { createTables } from '../../src/platform/tables.ts'
import { testConfig } from '../kit/config.ts'
import type { TestDatabase } from '../kit/database.ts'
import { type PlanLog, startPlanLog } from '../kit/plan-log.ts'
import { eventually } from '../kit/poll.ts'

const COUNT = 20_000
const TABLES = [
  'yeyak.notifications',
  'yeyak.timers',
  'yeyak.attempts',
  'yeyak.events',
  'yeyak_queue.job_common',
]

let log: PlanLog
let database: TestDatabase
beforeAll(async () => {
  log = await startPlanLog({ autovacuum: 'off' })
  ;({ database } = log)
})
afterAll(() => log.postgres.stop())

/** Notifications that fell due a minute ago, as the API would have written them. */
const plant = async (): Promise<void> => {
  const db = createDatabase({
    connection: () => ({ connectionString: database.url }),
    ...{ applicationName: 'test', maxConnections: 1, onConnectionLost: () => {} },
  })
  const repository = createRepository({
    tables: createTables('yeyak'),
    lanes: [],
    jobsTable: sql.id('yeyak_queue', 'job_common'),
  })
  const dueAt = new Date(Date.now() - 60_000)
  for (let planted = 0; planted < COUNT; planted += 2_000) {
    await repository.insert(
      db,
      Array.from({ length: 2_000 }, () => ({
        ...DEFAULTS,
        ...{
          id: newId(),
          projectId: 1,
          actor: { kind: 'anonymous', id: null } as const,
          channel: 'instant',
          lane: 'notifications.instant',
        },
        ...{ content: { message: 'x' }, dueAt, requestedAt: dueAt },
      })),
    )
  }
  await db.destroy()
}

/** Starts a worker on what is due, and returns how long it took until all of it was delivered. */
const drain = async (): Promise<number> => {
  let sent = 0
  const instant: Channel = {
    ...{ name: 'instant', provider: 'instant', to: null, requiredContent: ['message'] },
    content: { message: messageField },
    async send() {
      sent += 1
      return { kind: 'delivered' }
    },
  }
  const destination = new Writable({ write: (_chunk, _encoding, done) => done() })
  const app = createApp({
    config: testConfig({ DATABASE_URL: database.url }),
    roles: { api: false, worker: true },
    log: createLog({ format: 'json', level: 'warn', destination }),
    channels: [instant],
  })
  try {
    await app.start()
    const startedAt = performance.now()
    await eventually('all sent', () => sent === COUNT, 60_000)
    await eventually('all recorded', async () => {
      const [row] = await database.query<{ open: boolean }>(
        `select exists (select 1 from yeyak.notifications where state <> 'delivered')
             or exists (select 1 from yeyak_queue.job_common where state <= 'active') as open`,
      )
      return row?.open === false
    })
    return performance.now() - startedAt
  } finally {
    await app.stop()
  }
}

interface Plan {
  statement: string
  plan: string
}

const plansSince = async (offset: number): Promise<Plan[]> => {
  const entries = await log.entriesSince(offset)
  return entries.flatMap((entry) => {
    const [, text] = entry.split('\tQuery Text: ')
    // The statement comes first, the plan begins with the first line that bears costs.
    const lines = text?.split('\n') ?? []
    const start = lines.findIndex((line) => /\(cost=/u.test(line))
    return start < 0
      ? []
      : [{ statement: lines.slice(0, start).join(' '), plan: lines.slice(start).join('\n') }]
  })
}

/** `log`, `email`, `webhook` and `instant`; the webhooks of events; stories and releases; schedules and their runs; `image-resize`. */
const LANES = 10

/**
 * The statements that run for each item. `scan`: up to which cost, in pages about, reading the whole table is sound: the
 * planner takes it where look-ups would cost more. pg-boss removes jobs by 200 ids at once, which are 200 look-ups; its
 * rescue pass deletes too, once an hour.
 * `loops`: a lateral branch a lane is a loop over lanes (those in use, and the others), and each lane's jobs look up the one row of their queue; nothing
 * else may be one.
 */
const HOT = [
  { what: 'hand over', text: /delete from "yeyak"\."timers" where ctid = any/u, scan: 0, loops: 2 + LANES },
  { what: 'next due', text: /as in_ms(?!.*paused_lanes)/su, scan: 0, loops: 1 },
  { what: 'fetch', text: /UPDATE yeyak_queue\.\w+ .*heartbeat/su, scan: 250, loops: 0 },
  { what: 'start', text: /told_lost as/u, scan: 0, loops: 0 },
  { what: 'record', text: /settled as/u, scan: 0, loops: 0 },
  { what: 'remove', text: /DELETE FROM yeyak_queue(?!.*retried_jobs)/su, scan: 1_500, loops: 0 },
]
const SCAN_OF_ALL = /Seq Scan on (?:notifications|timers|job_common|attempts\w*|events\w*)\b.*?\.\.(\d+)/gu
/** Arrays of ids are written out in plans. */
const shortened = (plan: string) => plan.replaceAll(/.{300,}/gu, (line) => `${line.slice(0, 300)}…`)

let plainMs = 0
test('what is due is drained at speed with no statistics at all', { timeout: 90_000 }, async () => {
  await plant()
  plainMs = await drain()
  expect(plainMs).toBeLessThan(30_000)
})

test(
  'statistics of the emptied tables cost no plan: as fast, and never a scan of everything',
  { timeout: 90_000 },
  async () => {
    for (const table of TABLES) await database.query(`delete from ${table}`)
    for (const table of TABLES) await database.query(`vacuum (analyze) ${table}`)
    const [stats] = await database.query<{ n: number }>(
      `select reltuples::int as n from pg_class where oid = 'yeyak.notifications'::regclass`,
    )
    expect(stats?.n).toBe(0)
    await plant()
    const offset = await log.size()
    const staleMs = await drain()
    expect(staleMs).toBeLessThan(plainMs * 3 + 2_000)

    const plans = await plansSince(offset)
    for (const { what, text, scan, loops } of HOT) {
      const own = plans.filter(({ statement }) => text.test(statement)).map(({ plan }) => shortened(plan))
      expect(own.length, what).toBeGreaterThan(0)
      for (const plan of own) {
        for (const [, cost] of plan.matchAll(SCAN_OF_ALL)) expect(Number(cost), plan).toBeLessThan(scan)
        expect(plan.match(/Nested Loop/gu)?.length ?? 0, plan).toBeLessThanOrEqual(loops)
      }
    }
  },
)
