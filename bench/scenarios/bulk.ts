import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchDatabase } from '../kit.ts'
import { plantFuture } from '../plant.ts'
import { startWorker, type Worker } from '../processes.ts'
import { atLeast, NONE, rowsOf, type Scenario } from '../scenario.ts'

const goals = {
  cancel: { what: 'canceled', unit: '/s', bound: atLeast(20_000, '/s') },
  undo: { what: 'put back by `undo`', unit: '/s' },
  dryRun: { what: 'a dry run that counts them', unit: 'ms' },
  wrong: { what: 'items that were not canceled once', unit: 'items', bound: NONE },
}

interface Operation {
  id: string
  state: string
  changed: number
  createdAt: string
  finishedAt: string
}

const LIMIT_MS = 120_000

const call = async <Body>(worker: Worker, method: string, path: string, body?: object): Promise<Body> => {
  const response = await fetch(`${worker.url}${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as Body
}

/** Waits for its end; items a second, by the database's clock, from the request that made it to the last of them. */
const rateOf = async (worker: Worker, { id }: Operation, count: number): Promise<number> => {
  const deadline = performance.now() + LIMIT_MS
  for (;;) {
    const found = await call<Operation>(worker, 'GET', `/v1/operations/${id}`)
    if (found.state !== 'running') {
      if (found.changed !== count) throw new Error(`${found.changed} of ${count} were changed`)
      return (count * 1000) / (Date.parse(found.finishedAt) - Date.parse(found.createdAt))
    }
    if (performance.now() > deadline) throw new Error(`${found.changed} of ${count} after ${LIMIT_MS} ms`)
    await sleep(100)
  }
}

const canceledOnce = async (db: BenchDatabase): Promise<number> => {
  const [row] = await db.query<{ n: number }>(
    `select count(*)::int as n from yeyak.notifications where state = 'canceled' and generation = 2`,
  )
  return row?.n ?? 0
}

export const bulk: Scenario = {
  name: 'bulk',
  title: 'Many at once',
  about: `\`POST /v1/notifications/cancel\` with a filter of the channel, which finds 100,000 that are scheduled, in a database of its own each
round: each is decided under its own lock, its timer removed, its event written, and what it was kept for \`undo\`. Counted from the
operation's creation to its end, with API and worker in one process. Then the same is undone, with every timer planted again.`,
  goals,
  run: ({ smoke, rounds, say, withBench }) =>
    withBench(async (bench) => {
      const count = smoke ? 1_500 : 100_000
      const figures = {
        cancel: [] as number[],
        undo: [] as number[],
        dryRun: [] as number[],
        wrong: [] as number[],
      }
      for (let round = 1; round <= rounds; round++) {
        say(`round ${round} of ${rounds}`)
        const db = await bench.database()
        const worker = await startWorker(db.url)
        await plantFuture(db, count)
        const cancel = (more: object) =>
          call<Operation>(worker, 'POST', '/v1/notifications/cancel', {
            filter: { channel: 'bench' },
            ...more,
          })
        const startedMs = performance.now()
        await cancel({ dryRun: true })
        figures.dryRun.push(performance.now() - startedMs)
        const operation = await cancel({})
        figures.cancel.push(await rateOf(worker, operation, count))
        figures.wrong.push(count - (await canceledOnce(db)))
        const undo = await call<Operation>(worker, 'POST', `/v1/operations/${operation.id}/undo`)
        figures.undo.push(await rateOf(worker, undo, count))
        await worker.stop()
        await db.drop()
      }
      return { rows: rowsOf(goals, figures), tables: [] }
    }),
}
