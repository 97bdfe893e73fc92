import { type Lateness, latenessOf } from '../figures.ts'
import type { BenchDatabase } from '../kit.ts'
import { startWorker } from '../processes.ts'
import { atMost, rowsOf, type Scenario } from '../scenario.ts'

const goals = {
  tomorrow: { what: '`asOf` tomorrow, first page: p50', unit: 'ms', bound: atMost(20, 'ms') },
  tomorrowP99: { what: 'the same: p99', unit: 'ms' },
  summer: { what: '`asOf` in half a year: p50', unit: 'ms', bound: atMost(20, 'ms') },
  last: { what: '`asOf` when everything has happened: p50', unit: 'ms', bound: atMost(20, 'ms') },
  by: { what: '`asOf` in half a year, sorted by `dueAt`: p50', unit: 'ms', bound: atMost(20, 'ms') },
  rare: { what: '`asOf`, where 20 of 100,000 will be live: p50', unit: 'ms', bound: atMost(20, 'ms') },
  ended: { what: '`asOf`, where all 100,000 that are live now will not be: p50', unit: 'ms' },
  one: { what: '`asOf` of one item: p50', unit: 'ms' },
  sql: { what: 'one item of `yeyak.live`, by its id: p50', unit: 'ms' },
}

type Kind = 'mixed' | 'scheduled' | 'live'

const DAY_SECONDS = 86_400

/** Every item has one thing pending, within a year: its end where it is live (every second one of `mixed`), else its publish. */
const plantContent = async (db: BenchDatabase, type: string, kind: Kind, count: number): Promise<void> => {
  await db.query(
    `with c as (
       insert into yeyak.content (key, project_id, type, id, status, live_revision, published_at, due_at,
         last_due_at, ends_live)
       select gen_random_uuid(), 1, $1, $1 || '_' || i, case when live then 'published' else 'scheduled' end,
         case when live then 1 end, case when live then now() end,
         due, due, not live
       from generate_series(1, $2::int) i,
         lateral (select now() + interval '1 hour' + i * interval '1 day' * 364 / $2::int as due,
           $3 = 'live' or ($3 = 'mixed' and i % 2 = 0) as live) l
       returning key, id, due_at, live_revision),
     r as (
       insert into yeyak.revisions (content_key, number, data, sha256)
       select key, 1, jsonb_build_object('title', id, 'body', repeat('x', 1000)), sha256('x') from c)
     insert into yeyak.publications (id, project_id, type, resource_id, lane, action, revision, due_at, next_at)
     select gen_random_uuid(), 1, $1, id, 'publishing.' || $1,
       case when live_revision is null then 'publish' else 'unpublish' end,
       case when live_revision is null then 1 end, due_at, due_at from c`,
    [type, count, kind],
  )
}

const timed = async (times: number, run: () => Promise<unknown>): Promise<Lateness> => {
  const tookMs: number[] = []
  for (let i = 0; i < times + 5; i++) {
    const startedMs = performance.now()
    await run()
    if (i >= 5) tookMs.push(performance.now() - startedMs)
  }
  return latenessOf(tookMs)
}

export const asof: Scenario = {
  name: 'asof',
  title: 'What readers will see',
  about: `\`GET /v1/content/{type}?asOf=\` over HTTP, first page of 50, one request after the other, over 100,000 items of 1 kB with one thing
pending for each, spread over a year. First, half of them are live now, and will end one after the other; the others will be published.
Then none is live yet. Then all are live now, and \`asOf\` is after the last one's end, which every one of them must be asked for.`,
  goals,
  run: ({ smoke, say, withBench }) =>
    withBench(async (bench) => {
      const count = smoke ? 2_000 : 100_000
      const times = smoke ? 5 : 300
      const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()
      const figuresOf = async <Id extends string>(
        kind: Kind,
        asks: Record<Id, (ask: (path: string) => Promise<unknown>, db: BenchDatabase) => Promise<unknown>>,
      ) => {
        say(`planting ${count} ${kind}`)
        const db = await bench.database()
        await plantContent(db, 'story', kind, count)
        for (const table of ['content', 'publications', 'revisions'])
          await db.query(`vacuum (analyze) yeyak.${table}`)
        const api = await startWorker(db.url, 'api')
        const ask = async (path: string) => {
          const response = await fetch(`${api.url}/v1/content/story${path}`)
          if (!response.ok) throw new Error(`${path} was answered ${response.status}`)
          return response.arrayBuffer()
        }
        const figures: Partial<Record<Id, Lateness>> = {}
        for (const id of Object.keys(asks) as Id[]) figures[id] = await timed(times, () => asks[id](ask, db))
        await api.stop()
        await db.drop()
        return figures as Record<Id, Lateness>
      }
      const asOf = (seconds: number, more = '') => `?asOf=${inSeconds(seconds)}${more}`
      const mixed = await figuresOf('mixed', {
        tomorrow: (ask) => ask(asOf(DAY_SECONDS)),
        summer: (ask) => ask(asOf(182 * DAY_SECONDS)),
        last: (ask) => ask(asOf(400 * DAY_SECONDS)),
        by: (ask) => ask(asOf(182 * DAY_SECONDS, '&sort=dueAt')),
        one: (ask) => ask(`/story_1${asOf(DAY_SECONDS)}`),
        sql: (_, db) =>
          db.query(`select data from yeyak.live('story', now() + interval '1 day') where id = 'story_1'`),
      })
      const rareSeconds = 3600 + (20 / count) * 364 * DAY_SECONDS
      const scheduled = await figuresOf('scheduled', { rare: (ask) => ask(asOf(rareSeconds)) })
      const live = await figuresOf('live', { ended: (ask) => ask(asOf(400 * DAY_SECONDS)) })
      const all = { ...mixed, ...scheduled, ...live }
      const medians = Object.fromEntries(Object.entries(all).map(([id, { p50 }]) => [id, p50])) as Record<
        keyof typeof all,
        number
      >
      return { rows: rowsOf(goals, { ...medians, tomorrowP99: mixed.tomorrow.p99 }), tables: [] }
    }),
}
