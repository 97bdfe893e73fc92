import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defineTask } from '../../src/index.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { eventually } from '../kit/poll.ts'
import { createRuns, type Runs } from '../kit/runs.ts'

/** How many run at this moment, and the most that ever did, by what they were told to count as. */
const running = new Map<string, { now: number; most: number; done: number }>()
const counted = (name: string) => {
  const count = running.get(name) ?? { now: 0, most: 0, done: 0 }
  running.set(name, count)
  return count
}
const countedRun = async (name: string, ms: number) => {
  const count = counted(name)
  count.now += 1
  count.most = Math.max(count.most, count.now)
  await sleep(ms)
  count.now -= 1
  count.done += 1
}
const FAR = `${new Date().getUTCFullYear() + 5}-01-01T00:00:00Z`
let release = Promise.withResolvers<unknown>()

const tasks = {
  three: defineTask({ concurrency: 3, handler: () => countedRun('three', 4) }),
  keyed: defineTask({
    concurrencyKey: 'account',
    handler: ({ data }) => countedRun(`account ${Object(data).account}`, 4),
  }),
  one: defineTask({
    concurrency: 1,
    async handler({ id, signal }) {
      await countedRun(`one ${id}`, 0)
      const stopped = new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error))
      })
      stopped.catch(() => {})
      await Promise.race([release.promise, stopped])
    },
  }),
}

let t: TestApp
let second: TestApp
let runs: Runs
beforeAll(async () => {
  t = await startTestApp({ tasks, env: { YEYAK_POLL_SECONDS: '1' } })
  second = await startTestApp({ tasks, database: t.database, roles: { api: false, worker: true } })
  runs = createRuns(t.client)
})
afterAll(async () => {
  release.resolve(null)
  await second.end()
  await t.end()
})

const left = async () => {
  const [row] = await t.database.query<{ slots: number; waits: number }>(
    `select (select count(*)::int from yeyak.run_slots) as slots, (select count(*)::int from yeyak.run_waits) as waits`,
  )
  return row
}

test('no more than its limit of a task run at a time, over two workers, and none waits for a poll', async () => {
  const began = performance.now()
  await Promise.all(Array.from({ length: 90 }, () => runs.start('three')))
  await eventually('all of them', () => counted('three').done === 90, 30_000)
  expect(counted('three').most).toBe(3)
  // 30 rounds of 4 ms, and what lies between; a poll of a second for each would be half a minute.
  expect(performance.now() - began).toBeLessThan(25_000)
  await eventually('nothing left', async () => (await left())?.slots === 0)
  expect(await left()).toEqual({ slots: 0, waits: 0 })
})

test('of one key one runs at a time, and other keys need not wait for it', async () => {
  const accounts = Array.from({ length: 60 }, (_, i) => String.fromCodePoint(97 + (i % 3)))
  await Promise.all(accounts.map((account) => runs.start('keyed', { data: { account } })))
  await eventually(
    'all of them',
    () => ['a', 'b', 'c'].every((key) => counted(`account ${key}`).done === 20),
    30_000,
  )
  for (const key of ['a', 'b', 'c']) expect(counted(`account ${key}`).most).toBe(1)
})

test('what waits for a slot is called in the order of priority, can be canceled, and expires in time', async () => {
  release = Promise.withResolvers()
  const first = await runs.start('one')
  await runs.inState(first, 'running')
  const low = await runs.start('one')
  const canceled = await runs.start('one', { priority: 5 })
  const expiring = await runs.start('one', { priority: 5, expiresAt: { delay: 1 } })
  const high = await runs.start('one', { priority: 9 })
  await eventually('the line', async () => (await left())?.waits === 4)
  expect((await runs.get(low)).state).toBe('queued')
  expect((await runs.act(canceled, 'cancel')).status).toBe(200)
  await runs.inState(expiring, 'expired', 5_000)
  const held = release
  release = Promise.withResolvers()
  held.resolve(null)
  await runs.inState(high, 'running')
  expect((await runs.get(low)).state).toBe('queued')
  // Told to stop: its slot is the next one's at once.
  expect((await runs.act(high, 'cancel')).status).toBe(202)
  await runs.inState(low, 'running')
  release.resolve(null)
  await runs.inState(low, 'succeeded')
  expect((await runs.get(canceled)).attemptCount).toBe(0)
  await eventually('nothing left', async () => {
    const rest = await left()
    return rest?.slots === 0 && rest.waits === 0
  })
})

test('a slot kept for a run that is canceled before it begins goes to the next one', async () => {
  release = Promise.withResolvers()
  const first = await runs.start('one')
  await runs.inState(first, 'running')
  const called = await runs.start('one', { priority: 9 })
  const next = await runs.start('one')
  await eventually('the line', async () => (await left())?.waits === 2)
  // Paused, so that whoever is called does not begin.
  await t.client.call('POST', '/v1/queues/one/pause')
  release.resolve(null)
  await runs.inState(first, 'succeeded')
  await eventually('one is called', async () => {
    const rows = await t.database.query(`select 1 from yeyak.run_waits where called_at is not null`)
    return rows.length === 1
  })
  await runs.act(called, 'cancel')
  await t.client.call('POST', '/v1/queues/one/resume')
  await runs.inState(next, 'succeeded')
  expect((await runs.get(called)).attemptCount).toBe(0)
})

test('a run that waits for its time takes no slot, and send-now works on one in line', async () => {
  release = Promise.withResolvers()
  const first = await runs.start('one')
  await runs.inState(first, 'running')
  const waiting = await runs.start('one', { runAt: FAR })
  await runs.act(waiting, 'send-now')
  await eventually('the line', async () => (await left())?.waits === 1)
  release.resolve(null)
  expect((await runs.inState(waiting, 'succeeded')).attemptCount).toBe(1)
})
