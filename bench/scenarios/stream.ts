import { startChild } from '../child.ts'
import { nowMs } from '../clock.ts'
import { latenessOf, MEGABYTE, slope } from '../figures.ts'
import { type BenchDatabase, sleep } from '../kit.ts'
import { sleepUntil } from '../plant.ts'
import { startWorker } from '../processes.ts'
import { atMost, type Bound, NONE, rowsOf, type Scenario } from '../scenario.ts'
import type { Seen } from '../stream-process.ts'

const flat: Bound = { text: 'flat: within ± 6 MB a minute', isMet: (value) => Math.abs(value) <= 6 }

const goals = {
  p50: { what: 'behind, p50', unit: 'ms' },
  p99: { what: 'behind, p99', unit: 'ms', bound: atMost(200, 'ms') },
  max: { what: 'behind, the most', unit: 'ms' },
  lost: { what: 'events that a client did not get', unit: 'events', bound: NONE },
  outOfOrder: { what: 'events that came out of order, or twice', unit: 'events', bound: NONE },
  memory: { what: 'memory of the server at the end', unit: 'MB' },
  slope: { what: 'slope of it, the first 10 s left out', unit: 'MB a minute', bound: flat },
}

const PER_SECOND = 500
const PER_STATEMENT = 10
const INTERVAL_MS = (1000 * PER_STATEMENT) / PER_SECOND
const WARM_UP_SECONDS = 10
const SETTLE_LIMIT_MS = 10_000

const write = (db: BenchDatabase) =>
  db.query(
    `insert into yeyak.events (project_id, kind, subject_id, type, data)
     select 1, 'notification', gen_random_uuid(), 'notification.delivered',
       jsonb_build_object('number', 1, 'outcome', 'delivered', 'writtenMs', $1::float8)
     from generate_series(1, $2::int)`,
    [Date.now(), PER_STATEMENT],
  )

export const stream: Scenario = {
  name: 'stream',
  title: 'Streams of events',
  about: `50 clients of \`GET /v1/stream\` in a process of their own, while 500 events a second are written for a minute, 10 in a
statement. An event is behind by the time from right before its insert to its arrival at a client. What is sent is one process of Yeyak (API and worker), on the machine that
clients and database run on, too.`,
  goals,
  run: ({ smoke, say, withBench }) =>
    withBench(async (bench) => {
      const seconds = smoke ? 2 : 60
      const clients = smoke ? 5 : 50
      const db = await bench.database()
      const worker = await startWorker(db.url)
      const readers = await startChild('stream-process.ts', { isServer: false })
      await readers.ask('open', { url: `${worker.url}/v1/stream`, clients })
      say(`${clients} clients, ${PER_SECOND} events a second for ${seconds} s`)
      const samples: [number, number][] = []
      const startMs = nowMs()
      const statements = (seconds * PER_SECOND) / PER_STATEMENT
      for (let i = 0; i < statements; i += 1) {
        await sleepUntil(startMs + i * INTERVAL_MS)
        await write(db)
        const passedSeconds = (nowMs() - startMs) / 1000
        const isDue = samples.length <= passedSeconds && (smoke || passedSeconds > WARM_UP_SECONDS)
        if (isDue) samples.push([passedSeconds / 60, (await worker.memory()) / MEGABYTE])
      }
      const expected = statements * PER_STATEMENT
      const deadline = performance.now() + SETTLE_LIMIT_MS
      let seen = await readers.ask<Seen>('seen')
      while (seen.counts.some((count) => count < expected) && performance.now() < deadline) {
        await sleep(250)
        seen = await readers.ask<Seen>('seen')
      }
      const memory = (await worker.memory()) / MEGABYTE
      samples.push([(nowMs() - startMs) / 60_000, memory])
      await Promise.all([readers.stop(), worker.stop()])
      const { p50, p99, max } = latenessOf(seen.behindMs)
      const lost = seen.counts.reduce((sum, count) => sum + expected - count, 0)
      return {
        rows: rowsOf(goals, {
          ...{ p50, p99, max, lost, outOfOrder: seen.outOfOrder, memory },
          slope: slope(samples),
        }),
        tables: [],
      }
    }),
}
