import { afterAll, beforeAll, expect, test } from 'vitest'
import { defineTask } from '../../src/index.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { eventually } from '../kit/poll.ts'

const task = (handler: () => unknown) =>
  defineTask({
    schema: { type: 'object', required: ['who'], properties: { who: { type: 'string' } } },
    ...{ retry: { limit: 7, delaySeconds: 3 }, timeoutSeconds: 9, concurrencyKey: 'who', handler },
  })
const nothing = task(() => null)
const workerOnly = { api: false, worker: true }

let api: TestApp
beforeAll(async () => {
  api = await startTestApp({
    roles: { api: true, worker: false },
    tasks: { late: nothing, known: nothing, woken: nothing },
  })
})
afterAll(() => api.end())

interface Begun {
  state: string
  item: { id: string } | null
}
interface Run {
  id: string
  state: string
}

/** A schedule of the task, and runs of it for past hours, which a worker makes. */
const fillBack = async (name: string, hours: number, count = hours): Promise<void> => {
  const body = { cron: '0 * * * *', task: { name, data: { who: '{{ occurrence.local }}' } } }
  const made = await api.client.call('PUT', `/v1/schedules/${name}`, body, { 'if-match': '*' })
  expect([200, 201], made.text).toContain(made.status)
  const range = { from: `2026-01-01T00:00:00Z`, to: `2026-01-01T${String(hours).padStart(2, '0')}:00:00Z` }
  const asked = await api.client.call('POST', `/v1/schedules/${name}/backfill`, range, { 'if-match': '*' })
  expect(asked.body).toMatchObject({ count })
}
const runsOf = (name: string) =>
  eventually(`the runs of ${name}`, async () => {
    const { body } = await api.client.call('GET', `/v1/schedules/${name}/runs`)
    return (
      body.items.length > 0 &&
      !body.items.some((run: Begun) => run.state === 'pending') &&
      (body.items as Begun[])
    )
  })
const itemsOf = async (name: string): Promise<Run[]> => {
  const items = (await runsOf(name)).map(({ state, item }) => ({ state, id: item?.id }))
  expect(items).toEqual(items.map(() => ({ state: 'started', id: expect.any(String) })))
  return Promise.all(items.map(async ({ id }) => (await api.client.call('GET', `/v1/runs/${id}`)).body))
}

test('a schedule that falls due where nobody has its task starts a run all the same, which waits for a worker that has it', async () => {
  const without = await startTestApp({
    ...{ database: api.database, roles: workerOnly, env: { YEYAK_POLL_SECONDS: '1' } },
  })
  await fillBack('late', 1)
  const [waiting] = await itemsOf('late')
  expect(waiting).toMatchObject({ task: 'late', state: 'queued', scheduleId: 'late', attemptCount: 0 })
  const having = await startTestApp({
    ...{ database: api.database, roles: workerOnly, tasks: { late: nothing } },
    env: { YEYAK_POLL_SECONDS: '1' },
  })
  await eventually('it has run', async () => (await itemsOf('late'))[0]?.state === 'succeeded')
  await having.end()
  await without.end()
})

test('what a task gives to its runs it gives to those that another worker starts', async () => {
  const having = await startTestApp({
    ...{ database: api.database, roles: workerOnly, tasks: { known: nothing } },
    env: { YEYAK_POLL_SECONDS: '1' },
  })
  const { database } = api
  const heard = `select 1 from yeyak.workers where lanes::text like '%tasks.known%'`
  await eventually('it was heard of', async () => (await database.query(heard)).length > 0)
  // It lives for a while yet, by all that others know.
  await database.query(
    `insert into yeyak.workers (id, host, pid, roles, version, beat_seconds, lanes)
     select gen_random_uuid(), host, pid, roles, version, 60, lanes from yeyak.workers where lanes::text like '%tasks.known%'`,
  )
  await having.end()
  const without = await startTestApp({
    ...{ database, roles: workerOnly, env: { YEYAK_POLL_SECONDS: '1' } },
  })
  await fillBack('known', 1)
  const [run] = await itemsOf('known')
  if (run === undefined) throw new Error('no run')
  expect(run).toMatchObject({ state: 'queued', timeoutSeconds: 9, retry: { limit: 7, delaySeconds: 3 } })
  const [row] = await database.query('select concurrency_key from yeyak.runs where id = $1', [run.id])
  expect(row).toEqual({ concurrency_key: '2026-01-01T00:00:00' })
  const { lanes } = (await api.client.call('GET', '/v1/workers')).body.items[0]
  expect(lanes[0]).toEqual({ queue: expect.any(String), running: 0, concurrency: expect.any(Number) })
  await without.end()
})

test('of two workers the one that has the task runs it at once, whichever of them the schedule falls to', async () => {
  // Of its own accord none looks within the time of this test.
  const env = { YEYAK_POLL_SECONDS: '60' }
  const { database } = api
  const having = await startTestApp({ database, roles: workerOnly, tasks: { woken: nothing }, env })
  let done = 0
  const without = await startTestApp({
    ...{ database, roles: workerOnly, env },
    onScheduleStep: (step) => (done += step === 'run written' ? 1 : 0),
  })
  for (let hours = 1; done < 3; hours += 1) {
    expect(hours, 'none fell to the worker without the task').toBeLessThan(24)
    await fillBack('woken', hours, 1)
    const ran = async () => (await itemsOf('woken')).filter(({ state }) => state === 'succeeded')
    await eventually('it has run', async () => (await ran()).length === hours, 5_000)
  }
  await without.end()
  await having.end()
})
