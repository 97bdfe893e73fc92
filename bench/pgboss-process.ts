import { PgBoss } from 'pg-boss'
import { nowMs } from './clock.ts'
import type { PlantOptions } from './plant.ts'
import { endWithParent, serve } from './serve.ts'

// What is compared with: pg-boss as its documentation has it, with nothing of ours around it.
endWithParent()
const LATENESS = 'lateness'
const BURST = 'burst'
const INSERT_SIZE = 5_000
const FETCH_SIZE = 500
/** As many as Yeyak has. */
const FETCH_LOOPS = 2

const boss = new PgBoss({ connectionString: process.env['DATABASE_URL'] ?? '' })
boss.on('error', (error) => console.error('pg-boss:', error))
await boss.start()
await boss.createQueue(LATENESS)
await boss.createQueue(BURST)

let late: number[] = []
let count = 0
await boss.work<{ dueMs: number }>(
  LATENESS,
  { batchSize: 500, pollingIntervalSeconds: 0.5 },
  async (jobs) => {
    const atMs = nowMs()
    for (const job of jobs) late.push(atMs - job.data.dueMs)
    count += jobs.length
  },
)

const insert = async (queue: string, dues: readonly number[]): Promise<void> => {
  for (let from = 0; from < dues.length; from += INSERT_SIZE) {
    const jobs = dues.slice(from, from + INSERT_SIZE).map((dueMs) => ({
      data: { dueMs },
      startAfter: new Date(dueMs),
    }))
    await boss.insert(queue, jobs)
  }
}

/** Everything is put in ahead of time, as a program that schedules would. Returns when the last one is due. */
const plant = async ({ count: wanted, inMs, perSecond }: PlantOptions): Promise<number> => {
  const firstMs = Date.now() + inMs
  const dues = Array.from({ length: wanted }, (_, i) => firstMs + Math.floor((i * 1000) / perSecond))
  await insert(LATENESS, dues)
  if (Date.now() > firstMs)
    throw new Error('planting took longer than it was given: this machine is too busy')
  return dues.at(-1) ?? firstMs
}

/** Fetch and complete, with no work in between. Returns how many milliseconds it took. */
const drain = async (wanted: number): Promise<number> => {
  await insert(
    BURST,
    Array.from({ length: wanted }, () => Date.now() - 1000),
  )
  const startedAt = performance.now()
  let done = 0
  const loop = async (): Promise<void> => {
    while (done < wanted) {
      const jobs = await boss.fetch(BURST, { batchSize: FETCH_SIZE })
      if (jobs.length === 0) return
      done += jobs.length
      await boss.complete(
        BURST,
        jobs.map((job) => job.id),
      )
    }
  }
  await Promise.all(Array.from({ length: FETCH_LOOPS }, loop))
  if (done !== wanted) throw new Error(`pg-boss gave ${done} of ${wanted} jobs`)
  return performance.now() - startedAt
}

serve({
  plant: (input) => plant(input as PlantOptions),
  drain: (input) => drain(Number(input)),
  take() {
    const taken = late
    late = []
    return taken
  },
  count: () => count,
  stop: () => boss.stop({ graceful: false }).then(() => process.exit(0)),
})
