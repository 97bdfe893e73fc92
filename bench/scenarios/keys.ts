import { sum } from '../figures.ts'
import type { Load } from '../load-process.ts'
import { startLoadMaker, startRoute, startWorker } from '../processes.ts'
import { atLeast, NONE, rowsOf, type Scenario } from '../scenario.ts'

const goals = {
  keyed: { what: 'creates, each with an `Idempotency-Key` of its own', unit: '/s' },
  empty: {
    what: "Yeyak's own server, empty route with the same validation and the same headers",
    unit: '/s',
  },
  ratio: { what: 'keyed creates ÷ empty route', unit: '×', bound: atLeast(0.4, '×') },
  batches: { what: 'batches of 10,000: notifications', unit: '/s', bound: atLeast(30_000, '/s') },
  refused: { what: 'answers that were not 2xx', unit: 'answers', bound: NONE },
}

const BODY = { message: 'Hello World', sendAt: { delay: '1d' } }

export const keys: Scenario = {
  name: 'keys',
  title: 'Idempotency keys and batches',
  about: `\`POST /v1/notifications\` as above, 64 connections, each request with an \`Idempotency-Key\` that was never used; and
\`POST /v1/notifications/batch\` with 10,000 notifications of the same kind, two connections.`,
  goals,
  run: ({ smoke, rounds, say, withBench }) =>
    withBench(async (bench) => {
      const seconds = smoke ? 1 : 10
      const batch = { notifications: Array.from({ length: smoke ? 100 : 10_000 }, () => BODY) }
      const load = await startLoadMaker(smoke)
      const yeyak = await startWorker((await bench.database()).url)
      const empty = await startRoute('empty')
      const url = `${yeyak.url}/v1/notifications`
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(BODY),
      })
      await empty.setResource(await response.json())
      const loads: Record<'keyed' | 'empty' | 'batches', Load[]> = { keyed: [], empty: [], batches: [] }
      const once = async (length: number) => {
        const many = { body: BODY, connections: 64, seconds: length, isKeyed: true }
        loads.keyed.push(await load.run({ ...many, url }))
        loads.empty.push(await load.run({ ...many, url: empty.url }))
        loads.batches.push(
          await load.run({ url: `${url}/batch`, body: batch, connections: 2, seconds: length }),
        )
      }
      if (!smoke) await once(2)
      for (const one of Object.values(loads)) one.length = 0
      for (let round = 1; round <= rounds; round++) {
        say(`round ${round} of ${rounds}`)
        await once(seconds)
      }
      await Promise.all([yeyak, empty, load].map((one) => one.stop()))
      const rate = (side: readonly Load[]) => side.map((one) => one.requestsPerSecond)
      const emptyRate = rate(loads.empty)
      return {
        rows: rowsOf(goals, {
          keyed: rate(loads.keyed),
          empty: emptyRate,
          ratio: rate(loads.keyed).map((value, i) => value / (emptyRate[i] ?? 0)),
          batches: rate(loads.batches).map((value) => value * batch.notifications.length),
          refused: sum(Object.values(loads).flatMap((side) => side.map((one) => one.refused))),
        }),
        tables: [],
      }
    }),
}
