import { setTimeout as sleep } from 'node:timers/promises'
import type { Begun } from '../channel.ts'
import { nowMs } from '../clock.ts'
import { median } from '../figures.ts'
import { drained } from '../kit.ts'
import { plant } from '../plant.ts'
import { startWorker, type Worker } from '../processes.ts'
import { atMost, NONE, rowsOf, type Scenario } from '../scenario.ts'

const goals = {
  p50: { what: 'from the kill to the next attempt: p50', unit: 's' },
  max: { what: 'from the kill to the next attempt: longest', unit: 's', bound: atMost(15, 's') },
  lost: { what: 'sends in flight that had no next attempt', unit: 'sends', bound: NONE },
}

const IN_FLIGHT = 8
const WAIT_LIMIT_MS = 60_000

/** Resolves with the sends of this attempt that a worker has begun, once there are so many or the time is up. */
const begunAt = async (worker: Worker, attempt: number, count: number): Promise<Begun[]> => {
  const deadline = nowMs() + WAIT_LIMIT_MS
  for (;;) {
    const begun = (await worker.begun()).filter((send) => send.attempt === attempt)
    if (begun.length >= count || nowMs() > deadline) return begun
    await sleep(50)
  }
}

export const takeover: Scenario = {
  name: 'takeover',
  title: 'Takeover',
  about: `Two workers. One has ${IN_FLIGHT} sends in flight that do not end, and is killed with \`kill -9\` at a random moment; measured is when the other
one begins their next attempt. Four kills.`,
  goals,
  run: ({ smoke, say, withBench }) =>
    withBench(async (bench) => {
      const kills = smoke ? 1 : 4
      const db = await bench.database()
      const tookMs: number[] = []
      let victim = await startWorker(db.url, 'worker')
      for (let kill = 1; kill <= kills; kill++) {
        say(`kill ${kill} of ${kills}`)
        await plant(db, { count: IN_FLIGHT, perSecond: 0, inMs: 200, message: 'stuck', timeoutSeconds: 120 })
        await begunAt(victim, 1, IN_FLIGHT)
        const survivor = await startWorker(db.url, 'worker')
        // Claims are renewed every 3 s: where in that the kill falls makes a difference.
        await sleep(Math.random() * 3000)
        const killedMs = nowMs()
        victim.kill()
        const taken = await begunAt(survivor, 2, IN_FLIGHT)
        tookMs.push(...taken.map((send) => send.atMs - killedMs))
        await drained(db, WAIT_LIMIT_MS)
        victim = survivor
      }
      await victim.stop()
      return {
        rows: rowsOf(goals, {
          p50: median(tookMs) / 1000,
          max: Math.max(...tookMs) / 1000,
          lost: kills * IN_FLIGHT - tookMs.length,
        }),
        tables: [],
      }
    }),
}
