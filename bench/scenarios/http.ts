import { sum } from '../figures.ts'
import type { Bench } from '../kit.ts'
import type { Load } from '../load-process.ts'
import { type LoadMaker, startLoadMaker, startRoute, startWorker } from '../processes.ts'
import { atLeast, type Bound, NONE, rowsOf, type Scenario } from '../scenario.ts'

const notBelow = (id: string): Bound => ({
  text: 'not below the ratio without the wait',
  isMet: (value, all) => value >= (all[id] ?? Number.POSITIVE_INFINITY),
})

const goals = {
  yeyak: { what: 'Yeyak: creates', unit: '/s' },
  yeyakP99: { what: 'Yeyak: p99 of an answer', unit: 'ms' },
  boss: { what: 'a route that awaits `boss.send`', unit: '/s' },
  bossP99: { what: 'a route that awaits `boss.send`: p99 of an answer', unit: 'ms' },
  empty: { what: "Yeyak's own server, empty route with the same validation", unit: '/s' },
  emptyP99: { what: "Yeyak's own server, empty route: p99 of an answer", unit: 'ms' },
  toBoss: { what: 'creates ÷ `boss.send`', unit: '×', bound: atLeast(12, '×') },
  toEmpty: { what: 'creates ÷ empty route', unit: '×', bound: atLeast(0.5, '×') },
  waitYeyak: { what: 'Yeyak, commits that wait 2 ms: creates', unit: '/s' },
  waitYeyakP99: { what: 'Yeyak, commits that wait 2 ms: p99 of an answer', unit: 'ms' },
  waitBoss: { what: '`boss.send`, commits that wait 2 ms', unit: '/s' },
  waitBossP99: { what: '`boss.send`, commits that wait 2 ms: p99 of an answer', unit: 'ms' },
  waitToBoss: { what: 'creates ÷ `boss.send`, commits that wait 2 ms', unit: '×', bound: notBelow('toBoss') },
  refused: { what: 'answers that were not 201', unit: 'answers', bound: NONE },
}

const BODY = { message: 'Hello World', sendAt: { delay: '1d' } }
const CONNECTIONS = 64

interface Side {
  url: string
  loads: Load[]
  stop(): Promise<void>
}

const startYeyak = async (databaseUrl: string): Promise<Side> => {
  const worker = await startWorker(databaseUrl)
  return { url: `${worker.url}/v1/notifications`, loads: [], stop: () => worker.stop() }
}

const startBoss = async (databaseUrl: string): Promise<Side> => ({
  ...(await startRoute('pg-boss', databaseUrl)),
  loads: [],
})

/** Its answer is one of Yeyak's own, so that both write as much. */
const startEmpty = async (yeyak: Side): Promise<Side> => {
  const response = await fetch(yeyak.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(BODY),
  })
  if (response.status !== 201) throw new Error(`the create was answered ${response.status}`)
  const route = await startRoute('empty')
  await route.setResource(await response.json())
  return { ...route, loads: [] }
}

/** A database whose commits wait 2 ms, as on a slow disk; the wait is shared by those that commit together. */
const makeSlow = async (bench: Bench, url: string): Promise<string> => {
  await bench.execute(`alter database ${new URL(url).pathname.slice(1)} set commit_delay = 2000`)
  await bench.execute(`alter database ${new URL(url).pathname.slice(1)} set commit_siblings = 0`)
  return url
}

export const http: Scenario = {
  name: 'http',
  title: 'Creating over HTTP',
  about: `\`POST /v1/notifications\` with a message and a delay of a day, 64 connections, 10 s each: Yeyak as \`npm start\` runs it (API and worker);
a Fastify route that validates the same body and awaits \`boss.send\` with \`startAfter\`; and Yeyak's own server with a route of the same
validation that answers a constant resource of the same size. Each in a process of its own, in turns. Then Yeyak and \`boss.send\` again
on databases with \`commit_delay = 2000\` and \`commit_siblings = 0\`, where a commit takes 2 ms more. The load (autocannon, in a process
of its own) shares the machine with server and database.`,
  goals,
  run: ({ smoke, rounds, say, withBench }) =>
    withBench(async (bench) => {
      const load = await startLoadMaker(smoke)
      const yeyak = await startYeyak((await bench.database()).url)
      const boss = await startBoss(await bench.emptyDatabase())
      const empty = await startEmpty(yeyak)
      const waitYeyak = await startYeyak(await makeSlow(bench, (await bench.database()).url))
      const waitBoss = await startBoss(await makeSlow(bench, await bench.emptyDatabase()))
      const sides = [yeyak, boss, empty, waitYeyak, waitBoss]
      if (!smoke) for (const side of sides) await run(load, side, 2)
      for (const side of sides) side.loads = []
      for (let round = 1; round <= rounds; round++) {
        say(`round ${round} of ${rounds}`)
        for (const side of sides) await run(load, side, smoke ? 1 : 10)
      }
      await Promise.all([...sides, load].map((one) => one.stop()))
      const rate = (side: Side) => side.loads.map((one) => one.requestsPerSecond)
      const p99 = (side: Side) => side.loads.map((one) => one.p99Ms)
      const ratio = (side: Side, other: Side) => rate(side).map((value, i) => value / (rate(other)[i] ?? 0))
      return {
        rows: rowsOf(goals, {
          yeyak: rate(yeyak),
          yeyakP99: p99(yeyak),
          boss: rate(boss),
          bossP99: p99(boss),
          empty: rate(empty),
          emptyP99: p99(empty),
          toBoss: ratio(yeyak, boss),
          toEmpty: ratio(yeyak, empty),
          waitYeyak: rate(waitYeyak),
          waitYeyakP99: p99(waitYeyak),
          waitBoss: rate(waitBoss),
          waitBossP99: p99(waitBoss),
          waitToBoss: ratio(waitYeyak, waitBoss),
          refused: sum(sides.flatMap((side) => side.loads.map((one) => one.refused))),
        }),
        tables: [],
      }
    }),
}

const run = async (load: LoadMaker, side: Side, seconds: number): Promise<void> => {
  side.loads.push(await load.run({ url: side.url, body: BODY, connections: CONNECTIONS, seconds }))
}
