import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createDeployment, type Deployment } from '../kit/deployment.ts'
import { startProxy } from '../kit/proxy.ts'

/** The poll of the worker here, and what a busy machine may add. Without the poll they would start after a minute. */
const BOUND_MS = 1_000 + 4_000
const env = { YEYAK_POLL_SECONDS: '1' }

const expectWithinBound = async (d: Deployment, ids: readonly string[]) => {
  const items = await Promise.all(ids.map((id) => d.client.inState(id, 'delivered')))
  for (const { lateMs } of items) {
    expect(lateMs).toBeGreaterThanOrEqual(0)
    expect(lateMs).toBeLessThan(BOUND_MS)
  }
}

test.concurrent('what another process schedules starts within the poll, however often the listening connection is lost', async ({
  onTestFinished,
}) => {
  const d = await createDeployment({ env })
  onTestFinished(d.end)
  const worker = await d.spawn('worker')
  const ids: string[] = []
  let cut = 0
  for (let i = 0; i < 30; i += 1) {
    const lost = await d.database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
         and application_name = 'yeyak-worker' and (query ilike 'listen %' or query like '%paused_lanes%')`,
    )
    cut += lost.length
    ids.push(await d.schedule(`${i}`, { sendAt: { delay: (i % 3) / 5 } }))
    await sleep(100)
  }
  await expectWithinBound(d, ids)
  expect(cut).toBeGreaterThan(3)
  await worker.logged('the listening connection was lost')
  expect(worker.errors).toBe('')
})

test.concurrent('where LISTEN hears nothing it says so, is degraded, and polls', async ({
  onTestFinished,
}) => {
  const d = await createDeployment({ env })
  onTestFinished(d.end)
  const proxy = await startProxy(d.database.url)
  onTestFinished(proxy.stop)
  // As PgBouncer in transaction mode: LISTEN is accepted, and nobody is ever notified.
  proxy.mute(true)
  const child = await d.spawn('start', { env: { DATABASE_URL: proxy.url } })
  await child.logged('LISTEN does not work')
  const ready = await fetch(new URL('/readyz', String(child.url)))
  expect(ready.status).toBe(200)
  expect(await ready.json()).toMatchObject({ status: 'degraded', checks: { alarm: { state: 'polling' } } })
  const delays = [0, 0.2, 0.7, 1.1]
  const ids = await Promise.all(delays.map((delay, i) => d.schedule(`${i}`, { sendAt: { delay } })))
  await expectWithinBound(d, ids)
})
