import { type RawBuilder, sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { handOverDueTimers } from '../../src/timers/repository.ts'
import { createTables } from '../../src/platform/tables.ts'
import { newId } from '../../src/platform/ids.ts'
import type { Database } from '../../src/platform/database.ts'
import { createRunner, type Job, type Queue } from '../../src/queue/index.ts'
import { silentLog } from '../kit/config.ts'
import type { TestDatabase } from '../kit/database.ts'
import { eventually } from '../kit/poll.ts'
import { startTestQueue, type TestQueue } from '../kit/queue.ts'

let kit: TestQueue
let database: TestDatabase
let db: Database
let queue: Queue
beforeAll(async () => {
  kit = await startTestQueue()
  ;({ database, db, queue } = kit)
})
afterAll(() => kit.end())

const put = (name: string, jobs: readonly object[]) =>
  sql`with put as (${queue.insertion(name, sql`${JSON.stringify(jobs)}`)}) select 1 from put`.execute(db)

/** A queue of the test's own, with this many jobs. */
let made = 0
const withJobs = async (count: number, kind: 'lane' | 'intake' = 'lane') => {
  made += 1
  const name = `test.${made}`
  await queue.ensureQueue(name, kind)
  const jobs = Array.from({ length: count }, (_, i) => ({
    id: newId(),
    data: { s: newId(), g: i, h: 0 },
    priority: 0,
  }))
  if (count > 0) await put(name, jobs)
  return { name, ids: jobs.map((job) => job.id) }
}
const stateOf = async (id: string) =>
  (
    await database.query<{ state: string; retry_count: number }>(
      'select state, retry_count from yeyak_queue.job where id = $1',
      [id],
    )
  )[0]
/** As if its worker had been silent for longer than a heartbeat. */
const silence = (id: string) =>
  database.query(`update yeyak_queue.job set heartbeat_on = now() - interval '20 s' where id = $1`, [id])

test('jobs come out once each, higher priority first, then in the order in which they went in', async () => {
  const { name } = await withJobs(0)
  const jobs = [0, 5, -5, 5, 0].map((priority, g) => ({
    id: newId(),
    data: { s: newId(), g, h: 0 },
    priority,
  }))
  await put(name, jobs)
  const fetched: number[] = []
  for (let i = 0; i < jobs.length; i += 1) {
    const [job] = await queue.fetch<{ g: number }>(name, 1)
    fetched.push(job?.data.g ?? -1)
  }
  expect(fetched).toEqual([1, 3, 0, 4, 2])
  expect(await queue.fetch(name, 10)).toEqual([])
})

test('a fetch with an age looks for no older jobs, whatever their priority; one without finds them', async () => {
  const { name, ids } = await withJobs(3)
  await database.query(
    `update yeyak_queue.job set created_on = now() - interval '1 min', priority = 7 where id = any($1)`,
    [ids.slice(0, 2)],
  )
  expect((await queue.fetch<{ g: number }>(name, 10, 30)).map((job) => job.data.g)).toEqual([2])
  expect(await queue.fetch(name, 10, 30)).toEqual([])
  expect(await queue.fetch(name, 10)).toHaveLength(2)
})

test('two who fetch at once share the jobs', async () => {
  const { name, ids } = await withJobs(100)
  const batches = await Promise.all(Array.from({ length: 5 }, () => queue.fetch(name, 20)))
  const got = batches.flat().map((job) => job.id)
  expect(new Set(got).size).toBe(got.length)
  const rest = await queue.fetch(name, 100)
  expect([...got, ...rest.map((job) => job.id)].toSorted()).toEqual(ids.toSorted())
})

test('a hand-over of which not every job goes in leaves every timer where it is', async () => {
  const { name } = await withJobs(0)
  const tables = createTables('yeyak')
  for (let i = 0; i < 3; i += 1) {
    await database.query(`insert into yeyak.timers values ($1, $2, now() - interval '1 s', 1, 0)`, [
      newId(),
      name,
    ])
  }
  const ofLane = { lanes: [name], others: [], floor: null, insertion: queue.insertion }
  const takesTwo = (_name: string, jobs: RawBuilder<unknown>) =>
    queue.insertion(name, sql`(select (${jobs})::jsonb - 2)::text`)
  await expect(handOverDueTimers(db, tables, { ...ofLane, insertion: takesTwo })).rejects.toThrow(
    'division by zero',
  )
  expect(await queue.fetch(name, 10)).toEqual([])

  expect((await handOverDueTimers(db, tables, ofLane)).groups).toMatchObject([{ lane: name, count: 3 }])
  expect(await queue.fetch(name, 10)).toHaveLength(3)
  expect((await handOverDueTimers(db, tables, ofLane)).groups).toEqual([])
})

test('who lost a claim can neither remove nor complete the job, nor keep it alive', async () => {
  for (const settle of ['remove', 'complete'] as const) {
    const { name, ids } = await withJobs(1)
    const [lost] = await queue.fetch(name, 1)
    await silence(ids[0] ?? '')
    await queue.rescue(name)
    const [held] = await queue.fetch(name, 1)
    expect([lost?.retryCount, held?.retryCount]).toEqual([0, 1])
    expect(held?.id).toBe(lost?.id)
    const jobOf = (job: Job<unknown> | undefined) => ({
      id: job?.id ?? '',
      retryCount: job?.retryCount ?? -1,
    })
    expect(await queue[settle](db, name, [jobOf(lost)])).toBe(0)
    expect((await stateOf(ids[0] ?? ''))?.state).toBe('active')
    expect(await queue[settle](db, name, [jobOf(held)])).toBe(1)
    expect((await stateOf(ids[0] ?? ''))?.state).toBe(settle === 'remove' ? undefined : 'completed')
  }
})

test('a claim that is renewed is not given to another', async () => {
  const { name, ids } = await withJobs(2)
  const jobs = await queue.fetch(name, 2)
  for (const id of ids) await silence(id)
  await queue.touch(name, jobs.slice(0, 1))
  await queue.rescue(name)
  const rescued = await queue.fetch(name, 2)
  expect(rescued.map((job) => job.id)).toEqual([jobs[1]?.id])
})

test('what is removed in a transaction that rolls back is still there', async () => {
  const { name, ids } = await withJobs(1)
  const jobs = await queue.fetch(name, 1)
  const failed = db.transaction().execute(async (tx) => {
    expect(await queue.remove(tx, name, jobs)).toBe(1)
    throw new Error('rolled back')
  })
  await expect(failed).rejects.toThrow('rolled back')
  expect((await stateOf(ids[0] ?? ''))?.state).toBe('active')
})

/** A runner whose jobs the test ends one by one. */
const run = (name: string, concurrency: number, batchSize: number) => {
  const inHand = new Map<number, () => void>()
  let most = 0
  const runner = createRunner<{ g: number }>({
    ...{ queue, name, concurrency, batchSize, log: silentLog() },
    async handle(jobs, release) {
      for (const job of jobs) inHand.set(job.data.g, () => release(job))
      most = Math.max(most, inHand.size)
    },
  })
  const end = (g: number) => {
    inHand.get(g)?.()
    inHand.delete(g)
  }
  return { runner, inHand, end, most: () => most }
}
const numbers = (map: Map<number, unknown>) => [...map.keys()].toSorted((a, b) => a - b)

test('a slot that is free is filled again, whatever the others of its batch still do', async () => {
  const { name } = await withJobs(6)
  const { runner, inHand, end, most } = run(name, 2, 2)
  runner.wake()
  await eventually('two in hand', () => inHand.size === 2)
  expect(runner.free).toBe(0)
  // The first one hangs for good; all others pass by it.
  for (const g of [1, 2, 3, 4]) {
    end(g)
    await eventually(`job ${g + 1}`, () => inHand.has(g + 1))
    expect(numbers(inHand)).toEqual([0, g + 1])
  }
  expect(most()).toBe(2)
  await runner.stop()
  runner.close()
})

test('jobs that are older than what was seen last are found as soon as it is told to look for all', async () => {
  const { name } = await withJobs(1)
  const { runner, inHand } = run(name, 10, 10)
  runner.wake()
  await eventually('the first one', () => inHand.size === 1)
  // As if their transaction had begun long before it committed.
  await put(name, [{ data: { s: newId(), g: 1, h: 0 }, priority: 0 }])
  await database.query(
    `update yeyak_queue.job set created_on = now() - interval '1 min' where name = $1 and state = 'created'`,
    [name],
  )
  await put(name, [{ data: { s: newId(), g: 2, h: 0 }, priority: 0 }])
  runner.wake()
  await eventually('the young one', () => inHand.has(2))
  expect(inHand.has(1)).toBe(false)
  runner.wakeForAll()
  await eventually('the old one', () => inHand.has(1))
  await runner.stop()
  runner.close()
})

test('a paused runner claims nothing, and takes up what came meanwhile', async () => {
  const { name } = await withJobs(2)
  const { runner, inHand } = run(name, 10, 10)
  runner.pause(true)
  runner.wake()
  expect(runner.free).toBe(0)
  expect((await queue.fetch(name, 1)).length).toBe(1)
  expect(inHand.size).toBe(0)
  runner.pause(false)
  await eventually('the other one', () => inHand.size === 1)
  await runner.stop()
  runner.close()
})

test('a runner that stops claims no more, and is settled once all it has is released', async () => {
  const { name } = await withJobs(3)
  const { runner, inHand, end } = run(name, 2, 2)
  runner.wake()
  await eventually('two in hand', () => inHand.size === 2)
  await runner.stop()
  let settled = false
  const settling = runner.settled().then(() => {
    settled = true
  })
  end(0)
  runner.wake()
  expect(settled).toBe(false)
  end(1)
  await settling
  expect(inHand.size).toBe(0)
  expect((await queue.fetch(name, 5)).length).toBe(1)
  runner.close()
})

test('a handler with a bug costs its batch only: the runner goes on', async () => {
  const { name } = await withJobs(2)
  const seen: number[] = []
  const runner = createRunner<{ g: number }>({
    ...{ queue, name, concurrency: 1, batchSize: 1, log: silentLog() },
    async handle(jobs, release) {
      for (const job of jobs) seen.push(job.data.g)
      if (seen.length === 1) throw new Error('a bug')
      for (const job of jobs) release(job)
    },
  })
  runner.wake()
  await eventually('the second one', () => seen.length === 2)
  expect(seen).toEqual([0, 1])
  await runner.stop()
  runner.close()
})
