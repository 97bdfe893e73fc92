import { setTimeout as sleep } from 'node:timers/promises'
import { nowMs } from '../clock.ts'
import { latenessOf } from '../figures.ts'
import type { BenchDatabase } from '../kit.ts'
import { settle, sleepUntil } from '../plant.ts'
import { startWorker } from '../processes.ts'
import { atMost, NONE, rowsOf, type Scenario } from '../scenario.ts'

const goals = {
  instant: { what: '1,000 due at one instant: until readers see all', unit: 'ms', bound: atMost(400, 'ms') },
  instantFull: {
    what: 'the same, with 1,000,000 timers in the future',
    unit: 'ms',
    bound: atMost(400, 'ms'),
  },
  p50: { what: '100 due/s, 1,000,000 timers in the future: p50', unit: 'ms' },
  p99: { what: '100 due/s, 1,000,000 timers in the future: p99', unit: 'ms', bound: atMost(50, 'ms') },
  max: { what: '100 due/s: latest of all rounds', unit: 'ms' },
  early: { what: 'published early, all rounds', unit: 'items', bound: NONE },
  twice: { what: 'items without exactly one event', unit: 'items', bound: NONE },
}

const CHUNK = 20_000
const PATIENCE_MS = 120_000
/** From planting until the first is due. */
const AHEAD_MS = 2_000

interface Planted {
  prefix: string
  count: number
  firstMs: number
  lastMs: number
}

/** Items with one revision and a publication each, `perSecond` a second; all at one instant where that is 0. */
const plantStories = async (
  db: BenchDatabase,
  o: { prefix: string; count: number; inMs: number; perSecond: number },
): Promise<Planted> => {
  const [row] = await db.query<{ first: number; last: number }>(
    `with c as (
       insert into yeyak.content (key, project_id, type, id, status, due_at)
       select gen_random_uuid(), 1, 'story', $1 || i, 'scheduled', due
       from generate_series(0, $2::int - 1) i, lateral (select date_trunc('milliseconds', now()) + make_interval(
         secs => $3::float8 / 1000 + case when $4::float8 > 0 then i / $4::float8 else 0 end) as due) d
       returning key, id, due_at),
     r as (
       insert into yeyak.revisions (content_key, number, data, sha256)
       select key, 1, jsonb_build_object('title', 'Story ' || id, 'body', repeat('text ', 400)), '\\x00' from c),
     p as (
       insert into yeyak.publications (id, project_id, type, resource_id, content_key, lane, action, revision, due_at, next_at)
       select gen_random_uuid(), 1, 'story', id, key, 'publishing.story', 'publish', 1, due_at, due_at from c
       returning id, lane, next_at, generation, priority),
     t as (
       insert into yeyak.timers (subject_id, lane, due_at, generation, priority)
       select id, lane, next_at, generation, priority from p)
     select (extract(epoch from min(next_at)) * 1000)::float8 as first,
            (extract(epoch from max(next_at)) * 1000)::float8 as last from p`,
    [o.prefix, o.count, o.inMs, o.perSecond],
  )
  if (row === undefined) throw new Error('nothing was planted')
  return { prefix: o.prefix, count: o.count, firstMs: row.first, lastMs: row.last }
}

const plantFuture = async (db: BenchDatabase, count: number): Promise<void> => {
  for (let done = 0; done < count; done += CHUNK) {
    const size = Math.min(CHUNK, count - done)
    // From tomorrow on, spread over a year.
    await plantStories(db, {
      ...{ prefix: `future-${done}-`, count: size, inMs: 86_400_000 },
      perSecond: size / (364 * 86_400),
    })
  }
  await settle(db, ['content', 'revisions', 'publications', 'timers'])
}

const wake = (db: BenchDatabase, { firstMs }: Planted) =>
  db.query(`select pg_notify('yeyak_timers', $1)::text`, [String(firstMs)])

/** Of the planted ones, how many readers see. */
const liveOf = async (db: BenchDatabase, { prefix, count }: Planted): Promise<number> => {
  const ids = Array.from({ length: count }, (_, i) => prefix + String(i))
  const [row] = await db.query<{ n: number }>(
    `select count(*)::int as n from yeyak.content
     where project_id = 1 and type = 'story' and id = any($1) and locale = '' and live_revision is not null`,
    [ids],
  )
  return row?.n ?? 0
}

/** Asks until readers see all; returns how long after the last due instant that was. */
const untilLive = async (db: BenchDatabase, planted: Planted): Promise<number> => {
  await sleepUntil(planted.lastMs)
  while ((await liveOf(db, planted)) < planted.count) {
    if (nowMs() > planted.lastMs + PATIENCE_MS) throw new Error('not all went live')
    await sleep(5)
  }
  return nowMs() - planted.lastMs
}

const latenessIn = async (db: BenchDatabase, { prefix }: Planted): Promise<number[]> =>
  (
    await db.query<{ ms: number }>(
      `select late_ms as ms from yeyak.publications where resource_id like $1 || '%' and late_ms is not null`,
      [prefix],
    )
  ).map(({ ms }) => ms)

export const publishing: Scenario = {
  name: 'publishing',
  title: 'Publishing',
  about: `Content of 2 kB that falls due: 1,000 items at one instant, counted until a reader sees all of them (who asks every 5 ms), and 100
a second for 20 s, by \`lateMs\` of each publication: from the due instant to the clock in the transaction that publishes. With
1,000,000 further publications within a year, and for the first figure without, too.`,
  goals,
  run: ({ smoke, rounds, say, withBench }) =>
    withBench(async (bench) => {
      const atOnce = smoke ? 100 : 1_000
      const futures = smoke ? 2_000 : 1_000_000
      const start = async () => {
        const db = await bench.database()
        return { db, worker: await startWorker(db.url) }
      }
      const [empty, full] = [await start(), await start()]
      say(`planting ${futures} in the future`)
      await plantFuture(full.db, futures)
      let planted = 0
      const run = async (db: BenchDatabase, count: number, perSecond: number) => {
        const prefix = `round-${(planted += 1)}-`
        const made = await plantStories(db, { prefix, count, inMs: AHEAD_MS, perSecond })
        await wake(db, made)
        return { made, ms: await untilLive(db, made) }
      }
      await run(empty.db, atOnce, 0)
      await run(full.db, atOnce, 0)
      const instant: number[] = []
      const instantFull: number[] = []
      const late: number[][] = []
      for (let round = 1; round <= rounds; round++) {
        say(`round ${round} of ${rounds}`)
        instant.push((await run(empty.db, atOnce, 0)).ms)
        instantFull.push((await run(full.db, atOnce, 0)).ms)
        const { made } = await run(full.db, smoke ? 100 : 2_000, 100)
        late.push(await latenessIn(full.db, made))
      }
      const twice = await full.db.query<{ n: number }>(
        `select count(*)::int as n from (
           select c.id from yeyak.content c left join yeyak.events e
             on e.subject_id = 'story:' || c.id and e.type = 'content.published'
           where c.id like 'round-%' group by c.id having count(e.id) <> 1) w`,
      )
      await Promise.all([empty.worker.stop(), full.worker.stop()])
      const measured = late.map(latenessOf)
      return {
        rows: rowsOf(goals, {
          ...{ instant, instantFull },
          p50: measured.map(({ p50 }) => p50),
          p99: measured.map(({ p99 }) => p99),
          max: Math.max(...measured.map(({ max }) => max)),
          early: late.flat().filter((ms) => ms < 0).length,
          twice: twice[0]?.n ?? 0,
        }),
        tables: [],
      }
    }),
}
