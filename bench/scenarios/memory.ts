import { latenessOf, MEGABYTE, slope } from '../figures.ts'
import { type BenchDatabase, drained } from '../kit.ts'
import { arrived, measureBurst, measureYeyak } from '../measure.ts'
import { plant, sleepUntil } from '../plant.ts'
import { nowMs } from '../clock.ts'
import { startLoadMaker, startWorker, type Worker } from '../processes.ts'
import { atMost, type Bound, NONE, rowsOf, type Scenario, type Table } from '../scenario.ts'

const limit = atMost(256, 'MB')
const flat: Bound = { text: 'flat: within ± 1 MB a minute', isMet: (value) => Math.abs(value) <= 1 }

const goals = {
  start: { what: 'after the start', unit: 'MB' },
  slow: { what: 'after 500 due/s', unit: 'MB' },
  fast: { what: 'after 5,000 due/s', unit: 'MB' },
  burst: { what: 'after 50,000 due at one instant', unit: 'MB' },
  http: { what: 'after creates over 64 connections', unit: 'MB', bound: limit },
  soakEnd: { what: 'at the end of the soak', unit: 'MB', bound: limit },
  soakSlope: { what: 'slope over the soak', unit: 'MB a minute', bound: flat },
  soakP99: { what: 'lateness over the soak: p99', unit: 'ms' },
  early: { what: 'sends that began early in the soak', unit: 'sends', bound: NONE },
  peak: { what: 'the most at any moment', unit: 'MB' },
}

const PER_SECOND = 500

interface Soak {
  /** Minutes since its beginning, and megabytes. */
  samples: [number, number][]
  late: number[]
}

/** Time between planting a second's worth and its first one being due. */
const AHEAD_SECONDS = 5

/** 500 a second for so long, planted a little ahead all the while, as by an API under steady load. */
const soak = async (
  worker: Worker,
  db: BenchDatabase,
  seconds: number,
  sampleSeconds: number,
): Promise<Soak> => {
  const late: number[] = []
  const samples: [number, number][] = []
  await worker.take()
  const before = await worker.count()
  const startMs = nowMs()
  let lastMs = startMs
  for (let second = 0; second <= seconds; second++) {
    await sleepUntil(startMs + second * 1000)
    if (second % sampleSeconds === 0) {
      samples.push([second / 60, (await worker.memory()) / MEGABYTE])
      late.push(...(await worker.take()))
    }
    if (second === seconds) break
    const inMs = startMs + (second + AHEAD_SECONDS) * 1000 - nowMs()
    lastMs = await plant(db, { count: PER_SECOND, perSecond: PER_SECOND, inMs })
  }
  await arrived(worker, before + PER_SECOND * seconds, lastMs)
  await drained(db, 60_000)
  late.push(...(await worker.take()))
  return { samples, late }
}

export const memory: Scenario = {
  name: 'memory',
  title: 'Memory',
  about: `Resident memory of one \`yeyak start\` process, with the V8 limits that \`npm start\` sets (\`--max-old-space-size=160
--max-semi-space-size=16\`), after one load upon the other: 500 due/s for 20 s, 5,000/s for 10 s, 50,000 at one instant, 10 s of creates
over 64 connections; then a soak at 500 due/s, by default of 10 minutes. PostgreSQL's memory is not in it. 1 MB is 2²⁰ bytes.`,
  goals,
  run: ({ smoke, soakMinutes, say, withBench }) =>
    withBench(async (bench) => {
      const db = await bench.database()
      const worker = await startWorker(db.url)
      const resident = async () => (await worker.memory()) / MEGABYTE
      const start = await resident()
      await measureYeyak(worker, db, { perSecond: 500, seconds: smoke ? 1 : 20 })
      const slow = await resident()
      await measureYeyak(
        worker,
        db,
        smoke ? { perSecond: 1000, seconds: 1 } : { perSecond: 5000, seconds: 10 },
      )
      const fast = await resident()
      await measureBurst(worker, db, smoke ? 1000 : 50_000)
      const burst = await resident()
      const load = await startLoadMaker(smoke)
      const body = { message: 'Hello World', sendAt: { delay: '1d' } }
      const url = `${worker.url}/v1/notifications`
      await load.run({ url, body, connections: 64, seconds: smoke ? 1 : 10 })
      await load.stop()
      const http = await resident()
      const seconds = smoke ? 10 : Math.round(soakMinutes * 60)
      say(`soak of ${seconds} s`)
      const { samples, late } = await soak(worker, db, seconds, smoke ? 2 : 60)
      const lateness = latenessOf(late)
      const peak = (await worker.peakMemory()) / MEGABYTE
      await worker.stop()
      return {
        rows: rowsOf(goals, {
          ...{ start, slow, fast, burst, http, peak },
          soakEnd: samples.at(-1)?.[1] ?? Number.NaN,
          soakSlope: slope(samples),
          soakP99: lateness.p99,
          early: lateness.early,
        }),
        tables: [tableOf(samples)],
      }
    }),
}

const tableOf = (samples: readonly (readonly [number, number])[]): Table => ({
  title: 'Resident memory over the soak',
  head: ['minute', 'MB'],
  cells: samples.map(([minute, megabytes]) => [Number(minute.toFixed(1)), Math.round(megabytes)]),
})
