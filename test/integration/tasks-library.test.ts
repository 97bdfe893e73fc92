import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createYeyak, defineTask, type Item, YeyakError } from '../../src/index.ts'
import { applicationClients, CLIENT_NAMES, type ApplicationClient } from '../kit/application-clients.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { codeOf } from '../kit/refusal.ts'

const FAR = new Date(Date.UTC(new Date().getUTCFullYear() + 5, 0, 1))

const tasks = {
  report: defineTask({
    schema: { type: 'object', required: ['day'], properties: { day: { type: 'string' } } },
    handler: ({ data }) => ({ made: data.day }),
  }),
  tidy: defineTask({ handler: () => null }),
}

const yeyakOf = (client: unknown, url: string) =>
  createYeyak({ client: client as never, database: url, tasks })

let database: TestDatabase
let clients: (ApplicationClient & { yeyak: ReturnType<typeof yeyakOf> })[]
beforeAll(async () => {
  database = await createTestDatabase()
  clients = applicationClients(database.url).map((one) => ({
    ...one,
    yeyak: yeyakOf(one.client, database.url),
  }))
})
afterAll(async () => {
  for (const { yeyak, end } of clients) {
    await yeyak.stop()
    await end()
  }
  await database.drop()
})

const clientOf = (name: string) => {
  const found = clients.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no client ${name}`)
  return found
}
const countOf = async (table: string, column: string, id: string) =>
  (await database.query(`select 1 from yeyak.${table} where ${column}::text = $1`, [id])).length

describe.each(CLIENT_NAMES)('in a transaction of %s', (name) => {
  const inTransaction = async <Result = Item>(
    roll: boolean,
    work: (tx: never) => Promise<Result>,
  ): Promise<Result> => {
    let item: Result | undefined
    const rolledBack = new Error('rolled back')
    await clientOf(name)
      .open(async (tx) => {
        item = await work(tx as never)
        if (roll) throw rolledBack
      })
      .catch((error: unknown) => {
        if (error !== rolledBack) throw error
      })
    if (item === undefined) throw new Error('nothing was scheduled')
    return item
  }

  test('a run is there with the transaction, and not at all without it', async () => {
    const { yeyak } = clientOf(name)
    const run = {
      name: 'report' as const,
      data: { day: 'Monday' },
      runAt: FAR,
      tags: ['a "b"'],
      retry: { limit: 1 },
    }
    const kept = await inTransaction(false, (tx) => yeyak.tasks.schedule(run, { tx }))
    expect(kept).toEqual({ id: kept.id, state: 'scheduled', dueAt: FAR })
    const gone = await inTransaction(true, (tx) => yeyak.tasks.schedule(run, { tx }))
    for (const [table, column] of [
      ['runs', 'id'],
      ['timers', 'subject_id'],
      ['events', 'subject_id'],
    ] as const)
      expect([await countOf(table, column, kept.id), await countOf(table, column, gone.id)]).toEqual([1, 0])
  })

  test('a cancel holds with the transaction, and not at all without it', async () => {
    const { yeyak } = clientOf(name)
    const { id } = await yeyak.tasks.schedule({ name: 'tidy', runAt: FAR })
    const stateOf = async () =>
      (await database.query<{ state: string }>('select state from yeyak.runs where id = $1', [id]))[0]?.state
    const cancel = (tx: never) => yeyak.tasks.cancel(id, { tx })
    const canceled = { outcome: 'canceled', state: 'canceled' }
    expect(await inTransaction(true, cancel)).toEqual(canceled)
    expect([await stateOf(), await countOf('timers', 'subject_id', id)]).toEqual(['scheduled', 1])
    expect(await inTransaction(false, cancel)).toEqual(canceled)
    expect([await stateOf(), await countOf('timers', 'subject_id', id)]).toEqual(['canceled', 0])
    const never = await inTransaction(false, async (tx) => {
      const { id: made } = await yeyak.tasks.schedule({ name: 'tidy', runAt: FAR }, { tx })
      return yeyak.tasks.cancel(made, { tx })
    })
    expect(never).toEqual(canceled)
  })

  test('what is refused leaves the transaction usable', async () => {
    const { yeyak } = clientOf(name)
    const item = await inTransaction(false, async (tx) => {
      const first = await yeyak.tasks.schedule({ name: 'tidy', runAt: FAR, dedupeKey: name }, { tx })
      const refusals = [
        () => yeyak.tasks.schedule({ name: 'report', data: {}, runAt: FAR }, { tx }),
        () => yeyak.tasks.schedule({ name: 'nobody' as never, runAt: FAR }, { tx }),
        () => yeyak.tasks.schedule({ name: 'tidy', dedupeKey: name, onDuplicate: 'reject' }, { tx }),
      ]
      const codes: unknown[] = []
      for (const refusal of refusals) codes.push(await codeOf(refusal))
      expect(codes).toEqual(['invalid-request', 'unknown-task', 'duplicate'])
      const again = await yeyak.tasks.schedule({ name: 'tidy', runAt: FAR, dedupeKey: name }, { tx })
      expect(again).toMatchObject({ id: first.id, deduplicated: true })
      return first
    })
    const canceled = await clientOf(name).yeyak.tasks.cancel(item.id)
    expect(canceled).toEqual({ outcome: 'canceled', state: 'canceled' })
  })
})

test('a worker in the application runs what it has registered, and runDue finishes what is due by then', async () => {
  const { yeyak } = clientOf('pg')
  const later = await yeyak.tasks.schedule({ name: 'report', data: { day: 'x' }, runAt: { delay: '2h' } })
  await yeyak.runDue({ until: new Date(Date.now() + 3 * 3_600_000) })
  const [row] = await database.query<{ state: string; result: unknown }>(
    'select state, result from yeyak.runs where id = $1',
    [later.id],
  )
  expect(row).toEqual({ state: 'delivered', result: { made: 'x' } })
  expect(await yeyak.tasks.cancel(later.id)).toEqual({ outcome: 'already_final', state: 'succeeded' })
  await expect(yeyak.tasks.cancel('nope')).rejects.toThrow(YeyakError)
})

test('names of tasks and their data are checked by the compiler', () => {
  const typed = () => {
    const yeyak = createYeyak({ tasks })
    // @ts-expect-error no such task
    void yeyak.tasks.schedule({ name: 'raport' })
    void yeyak.tasks.schedule({ name: 'report', data: { day: 'x' } })
    const listed = createYeyak({ tasks: [defineTask({ name: 'listed', handler: () => 1 })] })
    // @ts-expect-error no such task
    void listed.tasks.schedule({ name: 'other' })
    void listed.tasks.schedule({ name: 'listed' })
  }
  expect(typed).toBeTypeOf('function')
})
