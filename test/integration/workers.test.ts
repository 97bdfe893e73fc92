import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDeployment, type Deployment } from '../kit/deployment.ts'
import { pagesOf } from '../kit/pages.ts'
import { eventually } from '../kit/poll.ts'

let d: Deployment
beforeAll(async () => {
  d = await createDeployment({ env: { YEYAK_POLL_SECONDS: '1', YEYAK_CONCURRENCY: '3' } })
})
afterAll(() => d.end())

interface Worker {
  id: string
  pid: number
  alive: boolean
  roles: string[]
  lanes: { queue: string; running: number; concurrency: number }[]
}

const workers = async (): Promise<Worker[]> => (await d.client.call('GET', '/v1/workers')).body.items
const found = (pid: number, isAsExpected: (worker: Worker) => boolean = () => true) =>
  eventually(
    `worker ${pid} as expected`,
    async () => (await workers()).find((worker) => worker.pid === pid && isAsExpected(worker)),
    30_000,
  )

test(
  'who is alive and what each does is listed; a stopped one is gone, a killed one is not alive',
  { timeout: 90_000 },
  async () => {
    expect(await workers()).toEqual([])
    const [first, second] = await Promise.all([d.spawn('worker'), d.spawn('start')])
    const worker = await found(first.pid)
    expect(worker).toMatchObject({ alive: true, roles: ['worker'], version: expect.stringMatching(/^\d/) })
    expect(worker.lanes).toContainEqual({ queue: 'notifications.probe', running: 0, concurrency: 3 })
    expect(await found(second.pid)).toMatchObject({ alive: true, roles: ['api', 'worker'] })

    const answer = Promise.withResolvers<null>()
    d.receiver.behave(() => ({ kind: 'hold', until: answer.promise }))
    const ids = await Promise.all(Array.from({ length: 6 }, () => d.schedule('held', { timeoutSeconds: 60 })))
    for (const { pid } of [first, second])
      await found(pid, ({ lanes }) =>
        lanes.some((lane) => lane.queue === 'notifications.probe' && lane.running === 3),
      )
    answer.resolve(null)
    await Promise.all(ids.map((id) => d.client.inState(id, 'delivered')))

    first.kill('SIGTERM')
    expect(await first.exited).toBe(0)
    expect((await workers()).map(({ pid }) => pid)).toEqual([second.pid])
    second.kill('SIGKILL')
    await second.exited
    await found(second.pid, ({ alive }) => !alive)
  },
)

test('the list goes page by page, newest first', async () => {
  await d.database.query(
    `insert into yeyak.workers (id, host, pid, roles, version, beat_seconds, started_at)
     select gen_random_uuid(), 'host', 100000 + i, '{worker}', '1', 5, now() + make_interval(secs => i) from generate_series(1, 5) i`,
  )
  const pids: number[] = []
  for await (const { body } of pagesOf(d.client, '/v1/workers?limit=2'))
    pids.push(...body.items.map((worker: Worker) => worker.pid))
  expect(pids.slice(0, 5)).toEqual([100005, 100004, 100003, 100002, 100001])
  expect(new Set(pids).size).toBe(pids.length)
})
