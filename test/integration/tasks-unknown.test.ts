import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase } from '../../src/platform/database.ts'
import { createTables } from '../../src/platform/tables.ts'
import { createSweepRepository } from '../../src/tasks/repository-sweep.ts'
import { defineTask } from '../../src/index.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { createRuns, type Runs } from '../kit/runs.ts'

const task = defineTask({ handler: () => null })
let api: TestApp
let worker: TestApp
let runs: Runs
beforeAll(async () => {
  api = await startTestApp({
    roles: { api: true, worker: false },
    tasks: { known: task, gone: task, held: task },
  })
  worker = await startTestApp({
    ...{ database: api.database, roles: { api: false, worker: true }, tasks: { known: task } },
    env: { YEYAK_POLL_SECONDS: '1' },
  })
  runs = createRuns(api.client)
})
afterAll(async () => {
  await worker.end()
  await api.end()
})

test('a worker takes the tasks that it has; what nobody has for a minute is a dead letter that says so', async () => {
  const { database } = api
  await api.client.call('POST', '/v1/queues/held/pause')
  const known = await runs.start('known')
  const gone = await runs.start('gone', { dedupeKey: 'k' })
  const held = await runs.start('held')
  const recent = await runs.start('gone')
  await runs.inState(known, 'succeeded')
  await database.query(
    `with n as (update yeyak.runs set next_at = next_at - interval '2 minutes', due_at = due_at - interval '2 minutes'
       where id = any($1) returning id, next_at)
     update yeyak.timers set due_at = n.next_at from n where subject_id = n.id`,
    [[gone, held]],
  )
  const db = createDatabase({
    connection: () => ({ connectionString: database.url }),
    ...{ applicationName: 'test', maxConnections: 1, onConnectionLost: () => {} },
  })
  const sweep = createSweepRepository(createTables('yeyak'), sql.id('yeyak_queue', 'job_common'))
  const found = await sweep.orphans(db)
  expect(found).toEqual([gone])
  expect(await sweep.giveUp(db, found)).toEqual(['gone'])
  await db.destroy()
  expect(await runs.get(gone)).toMatchObject({ state: 'failed', reason: 'unknown_task', attemptCount: 0 })
  const dead = await api.client.call('GET', '/v1/dead-letters?kind=run')
  expect(dead.body.items).toMatchObject([
    { id: gone, reason: 'unknown_task', error: { code: 'unknown-task', message: 'Unknown task: gone' } },
  ])
  // Paused, and not overdue: both wait.
  for (const id of [held, recent]) expect(['queued', 'scheduled']).toContain((await runs.get(id)).state)
  // Its key is free again, and it can be run once somebody has it.
  expect((await api.client.call('POST', '/v1/tasks/gone', { dedupeKey: 'k' })).status).toBe(201)
})
