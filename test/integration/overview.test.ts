import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { expectProblem } from '../kit/http-server.ts'
import { eventually } from '../kit/poll.ts'
import { seed } from '../kit/seed.ts'

let t: TestApp
beforeAll(async () => {
  t = await startTestApp()
})
afterAll(() => t.end())

const overview = async () => {
  const { status, body } = await t.client.call('GET', '/v1/overview')
  expect(status).toBe(200)
  return body
}
/** Once it is: events are taken up to the oldest transaction that is open on the server, other files' included. */
const shows = async (expected: object) => {
  await expect.poll(overview, { timeout: 15_000 }).toMatchObject(expected)
}
const series = (query: Record<string, string>) =>
  t.client.call('GET', `/v1/overview/series?${new URLSearchParams(query).toString()}`)

test('what is there, what is due and what was done is told, exact to the moment', async () => {
  const empty = await overview()
  expect(empty.counts).toEqual({
    ...{ scheduled: 0, queued: 0, sending: 0, retrying: 0, delivered: 0, failed: 0, canceled: 0, expired: 0 },
  })
  expect(empty).toMatchObject({
    due: { minute: 0, hour: 0, day: 0 },
    overdue: 0,
    lateness: { p50: null, p95: null, p99: null },
    throughput: 0,
  })
  for (const delay of ['30s', '50s', '10m', '5h', '2d'])
    await t.client.create({ message: 'later', sendAt: { delay } })
  const ids = await Promise.all(Array.from({ length: 6 }, () => t.client.create({ message: 'now' })))
  await Promise.all(ids.map((id) => t.client.inState(id, 'delivered')))
  await shows({ counts: { scheduled: 5, delivered: 6 }, byChannel: { log: { created: 11 } } })
  const body = await overview()
  expect(body.due).toEqual({ minute: 2, hour: 3, day: 4 })
  // Less where the minute has changed in between.
  expect(body.throughput).toBeGreaterThan(0.02)
  expect(body.throughput).toBeLessThanOrEqual(0.1)
  expect(body.lateness.p50).toBeGreaterThan(0)
  expect(body.lateness.p50).toBeLessThanOrEqual(body.lateness.p99)
  expect(body.byChannel.log).toMatchObject({
    ...{ created: 11, delivered: 6, failed: 0, throughput: body.throughput, lateness: body.lateness },
    attempts: { delivered: 6, failed: 0, rejected: 0, unknown: 0, interrupted: 0 },
  })
  expect(body.byChannel.probe).toMatchObject({ created: 0, lateness: { p50: null } })
})

test('what waits for a paused queue is overdue, and still scheduled', async () => {
  await t.client.call('POST', '/v1/queues/log/pause')
  // By then the worker has heard of the pause.
  const id = await t.client.create({ message: 'held', sendAt: { delay: '1s' } })
  const held = await eventually('overdue', async () => {
    const body = await overview()
    return body.overdue === 1 && body
  })
  expect(held.counts).toMatchObject({ queued: 0 })
  await shows({ overdue: 1, counts: { scheduled: 6, queued: 0 } })
  await t.client.call('POST', '/v1/queues/log/resume')
  await t.client.inState(id, 'delivered')
  await shows({ overdue: 0, counts: { scheduled: 5, delivered: 7 } })
})

test('what is tried again counts as such, and is due when its next attempt is', async () => {
  const id = await t.client.create({
    ...{ channel: 'probe', to: 'http://127.0.0.1:9/', message: 'x' },
    retry: { limit: 3, delaySeconds: 7200, maxDelaySeconds: 7200, backoff: 'fixed' },
  })
  await t.client.inState(id, 'retrying')
  await shows({ counts: { scheduled: 5, retrying: 1 }, byChannel: { probe: { created: 1 } } })
  await expect
    .poll(async () => Object.values((await overview()).byChannel.probe.attempts), { timeout: 15_000 })
    .toContain(1)
  const body = await overview()
  expect(body.due).toMatchObject({ hour: 3, day: 5 })
  await t.client.call('POST', `/v1/notifications/${id}/cancel`)
  await shows({ counts: { scheduled: 5, retrying: 0, canceled: 1 } })
})

test('a series has a point for each step, also where nothing happened', async () => {
  const to = new Date(Math.ceil(Date.now() / 600_000) * 600_000)
  const from = new Date(to.getTime() - 20 * 60_000)
  const range = { from: from.toISOString(), to: to.toISOString() }
  const lateness = (await series({ metric: 'lateness', ...range })).body
  expect(lateness).toMatchObject({ metric: 'lateness', step: 60, ...range })
  expect(lateness.points.map((point: { at: string }) => point.at)).toEqual(
    Array.from({ length: 20 }, (_, i) => new Date(from.getTime() + i * 60_000).toISOString()),
  )
  const sum = (points: Record<string, number>[], name: string) =>
    points.reduce((total, point) => total + (point[name] ?? 0), 0)
  expect(sum(lateness.points, 'count')).toBe(8)
  expect(lateness.points[0]).toEqual({ at: range.from, p50: null, p95: null, p99: null, count: 0 })
  const outcomes = (await series({ metric: 'outcomes', ...range, step: '600' })).body
  expect(outcomes.points).toHaveLength(2)
  expect(sum(outcomes.points, 'delivered')).toBe(7)
  expect(sum(outcomes.points, 'created')).toBe(13)
  const throughput = (await series({ metric: 'throughput', ...range, step: '600' })).body
  expect(sum(throughput.points, 'perSecond') * 600).toBeCloseTo(8, 0)
  const hours = (
    await series({ metric: 'outcomes', from: '2026-01-01T00:00:00Z', to: range.to, step: '86400' })
  ).body
  expect(sum(hours.points, 'delivered')).toBe(7)
})

test('a range that is too long, too fine or upside down is refused with the mend', async () => {
  const day = { from: '2026-01-01T00:00:00Z', to: '2026-01-03T00:00:00Z' }
  const refuses = async (query: Record<string, string>, path: string, words: RegExp, suggestion?: string) => {
    const reply = await series({ metric: 'lateness', ...query })
    expectProblem({ ...reply, json: reply.body }, 'invalid-parameter')
    expect(reply.body.errors[0]).toMatchObject({ path, ...(suggestion !== undefined && { suggestion }) })
    expect(reply.body.errors[0].message).toMatch(words)
  }
  await refuses(day, 'step', /2880 points, at most 1500/, '120')
  await refuses({ ...day, to: '2025-01-01T00:00:00Z' }, 'to', /after from/)
  await refuses({ from: '2020-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z', step: '86400' }, 'step', /points/)
  await refuses(
    { from: '2025-01-01T00:00:00Z', to: '2026-03-01T00:00:00Z', step: '86400' },
    'from',
    /400 days/,
  )
  await refuses({ from: '2026-01-01T00:00:00Z', to: '2026-03-01T00:00:00Z', step: '3540' }, 'from', /31 days/)
  await refuses({ step: '90' }, 'step', /multiple/)
  await refuses({ metric: 'latency' }, 'metric', /./)
})

test('numbers are of the own project alone', async () => {
  const before = await overview()
  await t.database.query(`insert into yeyak.projects (id, name) values (2, 'other') on conflict do nothing`)
  await seed(t.database, { count: 50, inSeconds: 20 })
  await t.database.query(
    `with moved as (update yeyak.notifications set project_id = 2 where content ->> 'message' like 'seed %' returning id)
     update yeyak.events set project_id = 2 where subject_id in (select id::text from moved)`,
  )
  const others = async () => {
    await overview()
    const rows = await t.database.query<{ n: number }>(
      `select n::int as n from yeyak.totals where project_id = 2 and state = 'open'`,
    )
    return rows[0]?.n
  }
  await expect.poll(others, { timeout: 15_000 }).toBe(50)
  const after = await overview()
  expect(after.counts).toEqual(before.counts)
  expect(after.due).toEqual(before.due)
  expect(after.byChannel.log.created).toBe(before.byChannel.log.created)
})
