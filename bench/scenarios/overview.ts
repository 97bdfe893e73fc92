import { setTimeout as sleep } from 'node:timers/promises'
import { median } from '../figures.ts'
import type { BenchDatabase } from '../kit.ts'
import { plantHistory } from '../plant-history.ts'
import { plantOthers } from '../plant-others.ts'
import { startWorker } from '../processes.ts'
import { atMost, NONE, rowsOf, type Scenario } from '../scenario.ts'

const goals = {
  overview: { what: '`GET /v1/overview`', unit: 'ms', bound: atMost(20, 'ms') },
  slowest: { what: 'the slowest first page of a list', unit: 'ms', bound: atMost(50, 'ms') },
  rollups: { what: 'adding up one event', unit: 'µs' },
  refused: { what: 'answers that were not 200', unit: 'answers', bound: NONE },
}

/** The first page of each list, with each sort and filter. */
const LISTS = [
  ...['', '?sort=-dueAt', '?sort=createdAt', '?sort=-createdAt', '?sort=updatedAt', '?sort=-updatedAt'],
  ...['scheduled', 'queued', 'sending', 'retrying', 'delivered', 'failed', 'canceled', 'expired'].map(
    (state) => `?state=${state}`,
  ),
  ...[
    '?channel=log',
    '?to=user7%40example.com',
    '?tag=tag3',
    '?tag=rare77',
    '?tag=none',
    '?q=number',
    '?q=zzz',
  ],
  ...['?q=zzz&sort=-updatedAt', '?groupKey=g', '?dedupeKey=d', '?dueFrom=2030-01-01T00:00:00Z'],
  ...['?createdFrom=2030-01-01T00:00:00Z', '?state=scheduled&tag=none'],
].map((query) => `/v1/notifications${query}`)
const OTHERS = ['dead-letters', 'operations', 'queues', 'workers', 'calendar', 'events', 'audit', 'webhooks']
const ROUNDS = 15
const CATCH_UP_LIMIT_MS = 300_000

const caughtUp = async (db: BenchDatabase, count: number): Promise<void> => {
  const deadline = performance.now() + CATCH_UP_LIMIT_MS
  for (;;) {
    const [row] = await db.query<{ n: number }>(
      `select coalesce(sum(created), 0)::int as n from yeyak.rollups where minutes = 60`,
    )
    if (row?.n === count) return
    if (performance.now() > deadline) throw new Error('the events were not added up')
    await sleep(250)
  }
}

export const overview: Scenario = {
  name: 'overview',
  title: 'Overview and lists',
  about: `1,000,000 notifications, 600,000 of them delivered over 60 days, 10,000 failed, 20,000 canceled, the rest scheduled within a year,
with their attempts and events; for the overview as many runs and publications beside. The median of ${ROUNDS} calls over HTTP, one at a time, after one that is not counted; the worst of the medians
is what counts for the lists.`,
  goals,
  run: ({ smoke, say, withBench }) =>
    withBench(async (bench) => {
      const count = smoke ? 10_000 : 1_000_000
      const db = await bench.database()
      say(`planting ${count}`)
      await plantHistory(db, { count, delivered: count * 0.6, failed: count * 0.01, canceled: count * 0.02 })
      const startedAt = performance.now()
      const worker = await startWorker(db.url)
      await caughtUp(db, count)
      const perEvent = ((performance.now() - startedAt) * 1000) / (count * 1.63)
      let refused = 0
      const time = async (path: string): Promise<number> => {
        const times: number[] = []
        for (let round = 0; round <= (smoke ? 1 : ROUNDS); round += 1) {
          const sentAt = performance.now()
          const response = await fetch(`${worker.url}${path}`)
          await response.text()
          if (round > 0) times.push(performance.now() - sentAt)
          if (response.status !== 200) refused += 1
        }
        return median(times)
      }
      say('asking')
      const cells: [string, number][] = []
      for (const path of [...LISTS, ...OTHERS.map((name) => `/v1/${name}`)])
        cells.push([path, await time(path)])
      say('planting runs and publications')
      await plantOthers(db)
      const first = await time('/v1/overview')
      await worker.stop()
      return {
        rows: rowsOf(goals, {
          overview: first,
          slowest: Math.max(...cells.map(([, ms]) => ms)),
          rollups: perEvent,
          refused,
        }),
        tables: [
          {
            title: 'First pages',
            head: ['call', 'median'],
            cells: cells.map(([path, ms]) => [`\`${path}\``, `${ms.toFixed(1)} ms`]),
          },
        ],
      }
    }),
}
