import { drizzle } from 'drizzle-orm/node-postgres'
import { Kysely, PostgresDialect } from 'kysely'
import knex from 'knex'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createYeyak, type Item, type Yeyak } from '../../src/index.ts'
import { type ApplicationClient, applicationClients, CLIENT_NAMES } from '../kit/application-clients.ts'
import { applicationPool } from '../kit/application-pool.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { codeOf } from '../kit/refusal.ts'

/** One client of an application, and the two ways in which its transactions end. */
interface Application {
  name: string
  yeyak: Yeyak<never>
  /** Schedules in a transaction, which commits unless `roll` says otherwise; `meanwhile` runs between the two. */
  schedule(
    notification: Record<string, unknown>,
    o?: { roll?: boolean; meanwhile?: (tx: unknown) => Promise<void> },
  ): Promise<Item>
  end(): Promise<void>
}

class RollBack extends Error {}

/** The same for every client: only how a transaction is opened differs. */
const application = ({ name, client, open, end }: ApplicationClient, url: string): Application => {
  const yeyak = createYeyak({ client: client as never, database: url })
  return {
    name,
    yeyak,
    async schedule(notification, { roll = false, meanwhile } = {}) {
      let item: Item | undefined
      try {
        await open(async (tx) => {
          item = await yeyak.notifications.schedule(notification, { tx: tx as never })
          await meanwhile?.(tx)
          if (roll) throw new RollBack()
        })
      } catch (error) {
        if (!(error instanceof RollBack)) throw error
      }
      if (item === undefined) throw new Error('nothing was scheduled')
      return item
    },
    async end() {
      await yeyak.stop()
      await end()
    },
  }
}

let database: TestDatabase
const applications: Application[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  const { url } = database
  applications.push(...applicationClients(url).map((one) => application(one, url)))
})

afterAll(async () => {
  for (const one of applications) await one.end()
  await database.drop()
})

const stored = async (id: string) => {
  const [row] = await database.query<{ state: string; timers: number; events: number; actor: unknown }>(
    `select n.state, (select count(*)::int from yeyak.timers t where t.subject_id = n.id) as timers,
       (select count(*)::int from yeyak.events e where e.subject_id = n.id::text) as events,
       (select actor from yeyak.events e where e.subject_id = n.id::text limit 1) as actor
     from yeyak.notifications n where n.id = '${id}'`,
  )
  return row
}

const LATER = { delay: '1h' }

describe.each(CLIENT_NAMES)('in a transaction of %s', (name) => {
  const own = (): Application => {
    const found = applications.find((one) => one.name === name)
    if (found === undefined) throw new Error(`no ${name}`)
    return found
  }

  test('what is scheduled is there once it commits: row, timer and event', async () => {
    const item = await own().schedule({
      message: 'Hello',
      sendAt: LATER,
      tags: ['a', '"b", {c}'],
      groupKey: 'g',
    })
    expect(item).toMatchObject({ state: 'scheduled', dueAt: expect.any(Date) })
    expect(await stored(item.id)).toEqual({
      state: 'scheduled',
      timers: 1,
      events: 1,
      actor: { id: null, kind: 'application' },
    })
  })

  test('rolled back, nothing was scheduled', async () => {
    const item = await own().schedule({ message: 'Hello', sendAt: LATER }, { roll: true })
    expect(await stored(item.id)).toBeUndefined()
  })

  test('a refusal leaves the transaction usable', async () => {
    const first = await own().schedule({ message: 'Hello', sendAt: LATER, dedupeKey: `${name}-once` })
    const item = await own().schedule(
      { message: 'Hello', sendAt: LATER },
      {
        meanwhile: async (tx) => {
          const code = await codeOf(() =>
            own().yeyak.notifications.schedule(
              { message: 'again', dedupeKey: `${name}-once`, onDuplicate: 'reject' },
              { tx: tx as never },
            ),
          )
          expect(code).toBe('duplicate')
        },
      },
    )
    expect(await stored(item.id)).toMatchObject({ state: 'scheduled' })
    expect(await own().yeyak.notifications.cancel(first.id)).toEqual({
      outcome: 'canceled',
      state: 'canceled',
    })
  })

  test('one that is pending with the dedupe key is the answer, or is rewritten', async () => {
    const dedupeKey = `${name}-same`
    const first = await own().schedule({ message: 'one', sendAt: LATER, dedupeKey })
    const same = await own().schedule({ message: 'two', sendAt: { delay: '2h' }, dedupeKey })
    expect(same).toEqual({ ...first, deduplicated: true })
    const replaced = await own().schedule({
      ...{ message: 'three', sendAt: { delay: '2h' }, dedupeKey, onDuplicate: 'replace' },
    })
    expect(replaced).toMatchObject({ id: first.id, deduplicated: true })
    expect(replaced.dueAt.getTime()).toBeGreaterThan(first.dueAt.getTime())
  })

  test('cancelled in the same transaction, it never begins', async () => {
    let outcome: unknown
    const earlier = await own().schedule({ message: 'Hello', sendAt: LATER })
    await own().schedule(
      { message: 'Hello', sendAt: LATER },
      {
        meanwhile: async (tx) => {
          outcome = await own().yeyak.notifications.cancel(earlier.id, { tx: tx as never })
        },
      },
    )
    expect(outcome).toEqual({ outcome: 'canceled', state: 'canceled' })
    expect(await stored(earlier.id)).toMatchObject({ state: 'canceled', timers: 0 })
  })
})

test.each([
  ['a pool of pg', 'pg'],
  ['a Kysely database', 'kysely'],
  ['a Knex database', 'knex'],
  ['a Drizzle database', 'drizzle'],
])('%s is no transaction: refused, and nothing is written', async (_, name) => {
  const url = database.url
  const pool = applicationPool(url, 1)
  const handles: Record<string, unknown> = {
    pg: pool,
    kysely: new Kysely({ dialect: new PostgresDialect({ pool }) }),
    knex: knex({ client: 'pg', connection: url }),
    drizzle: drizzle(pool),
  }
  const handle = handles[name]
  await using yeyak = createYeyak({ client: handle as never, database: url })
  const groupKey = `none-${name}`
  expect(
    await codeOf(() =>
      yeyak.notifications.schedule({ message: 'x', sendAt: LATER, groupKey }, { tx: handle as never }),
    ),
  ).toBe('not-in-transaction')
  const rows = await database.query(`select 1 from yeyak.notifications where group_key = '${groupKey}'`)
  expect(rows).toEqual([])
  await (handles['knex'] as { destroy(): Promise<void> }).destroy()
  await pool.end()
})
