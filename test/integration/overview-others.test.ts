import { afterAll, beforeAll, expect, test } from 'vitest'
import { defineTask } from '../../src/index.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { eventually } from '../kit/poll.ts'
import { createRuns, type Runs } from '../kit/runs.ts'

let open: () => void
const gate = new Promise<void>((resolve) => {
  open = resolve
})

let t: TestApp
let runs: Runs
beforeAll(async () => {
  t = await startTestApp({
    tasks: {
      quick: defineTask({ handler: () => 1 }),
      breaks: defineTask({
        retry: { limit: 0 },
        handler() {
          throw new Error('no')
        },
      }),
      again: defineTask({
        retry: { limit: 1, delaySeconds: 7200, maxDelaySeconds: 7200, backoff: 'fixed' },
        handler() {
          throw new Error('no')
        },
      }),
      alone: defineTask({ concurrency: 1, handler: () => gate }),
    },
  })
  runs = createRuns(t.client)
})
afterAll(async () => {
  open()
  await t.end()
})

const overview = async () => (await t.client.call('GET', '/v1/overview')).body
/** Events are added up to the oldest transaction that is open on the server, other files' included. */
const shows = async (expected: object) => {
  await expect.poll(overview, { timeout: 15_000 }).toMatchObject(expected)
}
const NONE = { p50: null, p95: null, p99: null }

test('runs are counted beside notifications: by state, what is due, late and done, task by task', async () => {
  const empty = await overview()
  const none = { scheduled: 0, queued: 0, running: 0, retrying: 0 }
  expect(empty.runs).toMatchObject({
    counts: { ...none, succeeded: 0, failed: 0, canceled: 0, expired: 0 },
    ...{ due: { minute: 0, hour: 0, day: 0 }, overdue: 0, lateness: NONE, throughput: 0 },
  })
  expect(Object.keys(empty.runs.byTask).toSorted()).toEqual([
    ...['again', 'alone', 'breaks', 'image-resize', 'quick'],
  ])
  for (const delay of ['50s', '10m', '5h', '2d']) await runs.start('quick', { runAt: { delay } })
  for (let i = 0; i < 3; i += 1) await runs.inState(await runs.start('quick'), 'succeeded')
  await runs.inState(await runs.start('breaks'), 'failed')
  await runs.inState(await runs.start('again'), 'retrying')
  await runs.inState(await runs.start('alone'), 'running')
  // Two wait for the slot: they are due, and no worker has them.
  await runs.start('alone')
  await runs.start('alone')
  await shows({
    runs: {
      counts: { scheduled: 4, queued: 2, running: 1, retrying: 1, succeeded: 3, failed: 1, canceled: 0 },
      due: { minute: 1, hour: 2, day: 4 },
      overdue: 2,
      byTask: {
        quick: { created: 7, succeeded: 3, failed: 0, attempts: { succeeded: 3, failed: 0 } },
        breaks: { created: 1, succeeded: 0, failed: 1, attempts: { succeeded: 0, failed: 1 } },
        alone: { created: 3, lateness: NONE },
      },
    },
    // They are none of these.
    counts: { scheduled: 0, queued: 0, delivered: 0 },
    due: { day: 0 },
  })
  const { lateness, throughput } = (await overview()).runs
  expect(lateness.p50).toBeGreaterThan(0)
  expect(throughput).toBeGreaterThan(0)
  open()
  await shows({ runs: { counts: { queued: 0, running: 0, succeeded: 6 }, overdue: 0 } })
})

test('publications are counted beside them: what waits, is late, and became of those of the last hour', async () => {
  expect((await overview()).publications).toEqual({
    counts: { scheduled: 0, failed: 0 },
    ...{ due: { minute: 0, hour: 0, day: 0 }, overdue: 0, lateness: NONE },
    lastHour: { succeeded: 0, superseded: 0, canceled: 0, failed: 0, missed: 0 },
  })
  const story = async (delay: string) => {
    const made = await t.client.call('POST', '/v1/content/story', {
      data: { title: 'x' },
      schedule: { publishAt: { delay } },
    })
    expect(made.status, made.text).toBe(201)
    return made.body.id as string
  }
  const soon = await story('1s')
  for (const delay of ['40s', '10m', '5h', '2d']) await story(delay)
  await eventually('it is live', async () => {
    const { body } = await t.client.call('GET', `/v1/content/story/${soon}`)
    return body.status === 'published'
  })
  await t.client.call('POST', '/v1/queues/publishing/pause')
  await story('1s')
  await shows({
    publications: {
      counts: { scheduled: 5, failed: 0 },
      due: { minute: 1, hour: 2, day: 3 },
      overdue: 1,
      lastHour: { succeeded: 1, failed: 0, missed: 0 },
    },
  })
  expect((await overview()).publications.lateness.p99).toBeGreaterThan(0)
  await t.database.query(
    `update yeyak.publications set state = 'missed', finished_at = now(), generation = generation + 1 where due_at <= now() and finished_at is null`,
  )
  expect((await overview()).publications).toMatchObject({
    counts: { scheduled: 4, failed: 1 },
    overdue: 0,
    lastHour: { succeeded: 1, missed: 1 },
  })
})
