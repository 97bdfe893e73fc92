import { sum } from '../figures.ts'
import type { Load } from '../load-process.ts'
import { startLoadMaker, startWorker } from '../processes.ts'
import { atLeast, NONE, rowsOf, type Scenario } from '../scenario.ts'

const goals = {
  open: { what: 'creates on an open server', unit: '/s' },
  keyed: { what: 'creates with an API key, scope `notifications:write`', unit: '/s' },
  ratio: { what: 'with a key ÷ open', unit: '×', bound: atLeast(0.95, '×') },
  refused: { what: 'answers that were not 201', unit: 'answers', bound: NONE },
}

const BODY = { message: 'Hello World', sendAt: { delay: '1d' } }
const CONNECTIONS = 64

const makeKey = async (url: string | null): Promise<string> => {
  const response = await fetch(`${url}/v1/api-keys`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'bench', scopes: ['notifications:write'] }),
  })
  const { key } = (await response.json()) as { key?: string }
  if (key === undefined) throw new Error(`no key was made: ${response.status}`)
  return key
}

export const access: Scenario = {
  name: 'access',
  title: 'What the access check costs',
  about: `\`POST /v1/notifications\` as under *Creating over HTTP*, 64 connections, 10 s each, in turns: one server that is open, and one that
has an API key and is asked with it. Each request is authenticated, and its event says who made it.`,
  goals,
  run: ({ smoke, rounds, say, withBench }) =>
    withBench(async (bench) => {
      const load = await startLoadMaker(smoke)
      const open = await startWorker((await bench.database()).url)
      const closed = await startWorker((await bench.database()).url)
      const key = await makeKey(closed.url)
      const loads: Record<'open' | 'keyed', Load[]> = { open: [], keyed: [] }
      const once = async (seconds: number) => {
        const many = { body: BODY, connections: CONNECTIONS, seconds }
        loads.open.push(await load.run({ ...many, url: `${open.url}/v1/notifications` }))
        const headers = { authorization: `Bearer ${key}` }
        loads.keyed.push(await load.run({ ...many, url: `${closed.url}/v1/notifications`, headers }))
      }
      if (!smoke) await once(2)
      for (const one of Object.values(loads)) one.length = 0
      for (let round = 1; round <= rounds; round++) {
        say(`round ${round} of ${rounds}`)
        await once(smoke ? 1 : 10)
      }
      await Promise.all([open, closed, load].map((one) => one.stop()))
      const rate = (side: readonly Load[]) => side.map((one) => one.requestsPerSecond)
      const openRate = rate(loads.open)
      return {
        rows: rowsOf(goals, {
          open: openRate,
          keyed: rate(loads.keyed),
          ratio: rate(loads.keyed).map((value, i) => value / (openRate[i] ?? 0)),
          refused: sum(Object.values(loads).flatMap((side) => side.map((one) => one.refused))),
        }),
        tables: [],
      }
    }),
}
