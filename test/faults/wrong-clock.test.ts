import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createClient } from '../kit/client.ts'
import { createDeployment } from '../kit/deployment.ts'
import { eventually } from '../kit/poll.ts'
import { databaseNow } from '../kit/session.ts'
import { attemptsOf, takeStock } from '../kit/stock.ts'

const MINUTE_MS = 60_000
/** A process whose clock is wrong is as punctual as any other; the margin is for a busy machine. */
const LATE_MS = 5_000
const PRELOAD = fileURLToPath(new URL('../kit/clock-offset.ts', import.meta.url))

test.concurrent.for([
  { offsetMs: 5 * MINUTE_MS, how: '5 minutes fast' },
  { offsetMs: -5 * MINUTE_MS, how: '5 minutes slow' },
])(
  'nothing starts before its due time, nor late, with the process clock $how',
  async ({ offsetMs }, { onTestFinished }) => {
    const d = await createDeployment()
    onTestFinished(d.end)
    const child = await d.spawn('start', {
      nodeArgs: ['--import', PRELOAD],
      env: { YEYAK_TEST_CLOCK_OFFSET_MS: String(offsetMs) },
    })
    d.receiver.behave((r) =>
      r.message === 'twice' && r.attempt === 1 ? { kind: 'fail' } : { kind: 'deliver' },
    )
    // Its own API, so that what it makes of a time is tried as well.
    const client = createClient(String(child.url))
    const create = (message: string, sendAt: unknown) =>
      client.create({
        ...{ channel: 'probe', to: d.receiver.url, message, sendAt },
        retry: { delaySeconds: 0.4, backoff: 'fixed' },
      })
    const inMs = async (ms: number) => new Date((await databaseNow(d.database)).getTime() + ms).toISOString()

    const scheduleAll = async () => {
      const now = (await databaseNow(d.database)).getTime()
      const [delayed, absolute, twice, moved, later] = [
        await create('delayed', { delay: 0.8 }),
        await create('absolute', await inMs(600)),
        await create('twice', await inMs(300)),
        await create('moved', await inMs(60 * MINUTE_MS)),
        // Past, by a clock that is fast; and to be waited for.
        await create('later', await inMs(2 * MINUTE_MS)),
      ]
      const patched = await client.call('PATCH', `/v1/notifications/${moved}`, { sendAt: { delay: 0.5 } })
      expect(patched.status).toBe(200)
      const { dueAt } = await client.get(delayed)
      expect(Date.parse(dueAt) - now).toBeGreaterThanOrEqual(795)
      expect(Date.parse(dueAt) - now).toBeLessThan(800 + LATE_MS)
      return { due: [delayed, absolute, twice, moved], later }
    }
    const finish = async ({ due, later }: { due: string[]; later: string }) => {
      await eventually('all delivered', async () => {
        const items = await Promise.all(due.map((id) => client.get(id)))
        return items.every((item) => item.state === 'delivered')
      })
      expect((await client.get(later)).state).toBe('scheduled')
    }

    await finish(await scheduleAll())
    // A time service steps the clock while it sleeps, and once more while nothing waits.
    const second = await scheduleAll()
    child.kill('SIGUSR2')
    await finish(second)
    child.kill('SIGUSR2')
    await finish(await scheduleAll())

    const attempts = await attemptsOf(d.database)
    expect(attempts).toHaveLength(3 * 5)
    for (const attempt of attempts) {
      expect(attempt.startedAt.getTime()).toBeGreaterThanOrEqual(attempt.dueAt.getTime())
      expect(attempt.lateMs).toBeLessThan(LATE_MS)
    }
    const { early, doubles } = await takeStock(d.database, d.receiver.received)
    expect({ early, doubles }).toEqual({ early: [], doubles: [] })
    expect(d.receiver.received.filter((r) => r.attempt === 1 && r.atMs < Date.parse(r.dueAt))).toEqual([])
  },
)
