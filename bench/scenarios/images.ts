import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startChild } from '../child.ts'
import { nowMs } from '../clock.ts'
import type { AloneOptions } from '../images-process.ts'
import type { BenchDatabase } from '../kit.ts'
import { measureYeyak, warmUp } from '../measure.ts'
import { startWorker, type Worker } from '../processes.ts'
import { atLeast, atMost, NONE, rowsOf, type Scenario } from '../scenario.ts'

const goals = {
  alone: { what: 'sharp alone, as many images at a time as there are cores', unit: 'images/s' },
  ours: { what: '`image-resize`: fetched, made, stored and recorded', unit: 'images/s' },
  ratio: { what: '`image-resize` ÷ sharp alone', unit: '×', bound: atLeast(0.9, '×') },
  beside: { what: '`image-resize` beside 200 notifications due/s', unit: 'images/s' },
  p50: { what: '200 notifications due/s beside images without a pause: p50', unit: 'ms' },
  p99: { what: 'the same: p99', unit: 'ms', bound: atMost(50, 'ms') },
  max: { what: 'the same: latest of all rounds', unit: 'ms' },
  early: { what: 'notifications that began early, all rounds', unit: 'sends', bound: NONE },
}

const SIZES = [320, 640, 1280]
const QUALITY = 80
const AT_ONCE = 16
const LIMIT_MS = 180_000

interface Pictures {
  url: string
  alone(o: AloneOptions): Promise<number>
  stop(): Promise<void>
}

const startPictures = async (): Promise<Pictures> => {
  const child = await startChild('images-process.ts', { isServer: false })
  return { url: String(child.ready), alone: (o) => child.ask('alone', o), stop: () => child.stop() }
}

/** Schedules runs for one instant; its milliseconds. The pictures `from`, `from + 1`, … are nobody else's. */
const scheduleRuns = async (
  { worker, pictures }: { worker: Worker; pictures: Pictures },
  o: { from: number; count: number; inMs: number },
): Promise<number> => {
  const dueMs = Math.ceil(nowMs() + o.inMs)
  const runAt = new Date(dueMs).toISOString()
  let next = 0
  const post = async () => {
    while (next < o.count) {
      const imageUrl = `${pictures.url}/${o.from + next}`
      next += 1
      const response = await fetch(`${worker.url}/v1/tasks/image-resize`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ runAt, data: { imageUrl, sizes: SIZES, quality: QUALITY } }),
      })
      if (response.status !== 201)
        throw new Error(`a run was answered ${response.status}: ${await response.text()}`)
      await response.arrayBuffer()
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, post))
  if (nowMs() > dueMs) throw new Error('the runs were due before all were there')
  return dueMs
}

/** Waits until all that were due then have succeeded; how many a second that were up to `untilMs`, or up to the last one. */
const rateOf = async (db: BenchDatabase, dueMs: number, count: number, untilMs?: number): Promise<number> => {
  const deadline = performance.now() + LIMIT_MS
  for (;;) {
    const [row] = await db.query<{ done: number; failed: number; counted: number; seconds: number }>(
      `select count(*) filter (where state = 'delivered')::int as done, count(*) filter (where trouble is not null)::int as failed,
              count(*) filter (where finished_at <= to_timestamp($2::float8 / 1000))::int as counted,
              extract(epoch from least(max(finished_at), to_timestamp($2::float8 / 1000)) - min(due_at))::float8 as seconds
       from yeyak.runs where due_at = to_timestamp($1::float8 / 1000)::timestamptz(3)`,
      [dueMs, untilMs ?? 8.64e15],
    )
    if (row !== undefined && row.failed > 0) throw new Error(`${row.failed} images could not be made`)
    if (row?.done === count) return row.counted / row.seconds
    if (performance.now() > deadline) throw new Error(`${row?.done} of ${count} images within ${LIMIT_MS} ms`)
    await sleep(100)
  }
}

export const images: Scenario = {
  name: 'images',
  title: 'Images',
  about: `The task \`image-resize\`: pictures of 2400 × 1800 in JPEG, from an HTTP server on the same machine, in three sizes each (320, 640
and 1280), into a folder. How many images a second are fetched, made, stored and recorded, with all of them due at one instant; beside it
what sharp by itself makes of the same bytes in memory, with nothing fetched or stored. Then 200 notifications a second fall due for 20 s
while there are images all the time, and their lateness is measured; what remains for the images then is the rate beside.`,
  goals,
  run: ({ smoke, rounds, say, withBench }) =>
    withBench(async (bench) => {
      const db = await bench.database()
      const pictures = await startPictures()
      const directory = await mkdtemp(path.join(tmpdir(), 'yeyak-bench-images-'))
      const worker = await startWorker(db.url, 'start', {
        YEYAK_IMAGE_DIR: directory,
        YEYAK_IMAGE_ALLOW: '127.0.0.1',
      })
      const [perRound, seconds] = smoke ? [4, 1] : [240, 20]
      let from = 1
      const run = async (count: number): Promise<number> => {
        const dueMs = await scheduleRuns({ worker, pictures }, { from, count, inMs: 1_000 + count * 5 })
        from += count
        return dueMs
      }
      const work = { count: perRound, sizes: SIZES, quality: QUALITY }
      await warmUp(worker, db, smoke)
      await rateOf(db, await run(smoke ? 2 : 30), smoke ? 2 : 30)
      await pictures.alone({ ...work, count: smoke ? 2 : 30 })

      const measured = { alone: [] as number[], ours: [] as number[], beside: [] as number[] }
      const late: Awaited<ReturnType<typeof measureYeyak>>[] = []
      for (let round = 1; round <= rounds; round++) {
        say(`round ${round} of ${rounds}`)
        const alone = await pictures.alone(work)
        measured.alone.push(alone)
        measured.ours.push(await rateOf(db, await run(perRound), perRound))
        // As many as keep it busy for longer than that.
        const more = Math.ceil(alone * (seconds + 2)) + 2
        const dueMs = await run(more)
        await sleep(Math.max(0, dueMs - nowMs()))
        late.push(await measureYeyak(worker, db, { perSecond: 200, seconds }))
        measured.beside.push(await rateOf(db, dueMs, more, dueMs + seconds * 1000))
      }
      await Promise.all([worker.stop(), pictures.stop()])
      await rm(directory, { recursive: true })
      return {
        rows: rowsOf(goals, {
          ...measured,
          ratio: measured.ours.map((rate, i) => rate / (measured.alone[i] ?? Number.NaN)),
          p50: late.map(({ p50 }) => p50),
          p99: late.map(({ p99 }) => p99),
          max: Math.max(...late.map(({ max }) => max)),
          early: late.reduce((sum, { early }) => sum + early, 0),
        }),
        tables: [],
      }
    }),
}
