import {
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createClock } from './clock.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout'], now: Date.parse('2026-12-01T00:00:00Z') })
})
afterEach(() => {
  vi.useRealTimers()
})

const DATABASE_AHEAD_MS = 300_000

/** A server whose clock is five minutes ahead, and whose answers take `halfTripMs` either way. */
const databaseWith = (o: { halfTripMs: number; fails?: () => boolean }) => {
  let asked = 0
  const wait = async () => {
    if (o.halfTripMs > 0) await new Promise<void>((resolve) => void setTimeout(resolve, o.halfTripMs))
  }
  const executeQuery = async <Row>(): Promise<QueryResult<Row>> => {
    asked += 1
    await wait()
    if (o.fails?.() === true) throw new Error('gone')
    const ms = Date.now() + DATABASE_AHEAD_MS
    await wait()
    return { rows: [{ ms }] as Row[] }
  }
  const connection = {
    executeQuery,
    streamQuery: () => {
      throw new Error('not here')
    },
  }
  const nothing = async () => {}
  const db = new Kysely<unknown>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createIntrospector: (introspected) => new PostgresIntrospector(introspected),
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createDriver: () => ({
        init: nothing,
        acquireConnection: async () => connection,
        beginTransaction: nothing,
        commitTransaction: nothing,
        rollbackTransaction: nothing,
        releaseConnection: nothing,
        destroy: nothing,
      }),
    },
  })
  return { db, asked: () => asked }
}

const after = async <Result>(ms: number, promise: Promise<Result>): Promise<Result> => {
  await vi.advanceTimersByTimeAsync(ms)
  return promise
}

const truth = () => Date.now() + DATABASE_AHEAD_MS

/** Never before the database's time, as a delay would end early, and at most a round trip after it. */
const expectInTime = (time: Date, roundTripMs: number) => {
  expect(time.getTime()).toBeGreaterThanOrEqual(truth())
  expect(time.getTime()).toBeLessThanOrEqual(truth() + roundTripMs)
}

test('the time is the database’s, whatever the clock of the process says', async () => {
  const { db } = databaseWith({ halfTripMs: 2 })
  const clock = createClock(db)
  expect(clock.offsetMs()).toBeNull()
  expectInTime(await after(4, clock.now()), 4)
  expect(clock.offsetMs()).toBeCloseTo(DATABASE_AHEAD_MS + 2, 0)
})

test('one sample serves for half a minute, and everyone who asks meanwhile', async () => {
  const { db, asked } = databaseWith({ halfTripMs: 1 })
  const clock = createClock(db)
  await after(2, Promise.all([clock.now(), clock.now(), clock.now()]))
  expect(asked()).toBe(1)
  await vi.advanceTimersByTimeAsync(29_000)
  expectInTime(await clock.now(), 2)
  expect(asked()).toBe(1)
  await vi.advanceTimersByTimeAsync(1_500)
  expectInTime(await after(2, clock.now()), 2)
  expect(asked()).toBe(2)
})

test('a machine that slept asks anew: its monotonic clock stood still', async () => {
  const { db, asked } = databaseWith({ halfTripMs: 0 })
  const clock = createClock(db)
  await clock.now()
  // Only the wall clock runs on during a suspend.
  vi.setSystemTime(Date.now() + 3_600_000)
  expect((await clock.now()).getTime()).toBe(truth())
  expect(asked()).toBe(2)
})

test('a clock of the process that is set meanwhile moves nothing', async () => {
  const { db } = databaseWith({ halfTripMs: 0 })
  const clock = createClock(db)
  const before = (await clock.now()).getTime()
  const wall = Date.now()
  vi.setSystemTime(wall - 20)
  // Within the tolerance: carried on by the monotonic clock, which nobody sets.
  expect((await clock.now()).getTime()).toBe(before)
})

test('a database that does not answer is an error to whoever asks, and is asked again', async () => {
  let down = true
  const { db } = databaseWith({ halfTripMs: 0, fails: () => down })
  const clock = createClock(db)
  await expect(clock.now()).rejects.toThrow('gone')
  down = false
  expect((await clock.now()).getTime()).toBe(truth())
})

test('a sample that took long is not kept where a better one can be had', async () => {
  const trips = [200, 200]
  const db = databaseWith({
    get halfTripMs() {
      return trips[0] ?? 1
    },
    fails: () => (trips.pop(), false),
  })
  const clock = createClock(db.db)
  const time = clock.now()
  await vi.advanceTimersByTimeAsync(2_000)
  await time
  expect(db.asked()).toBe(3)
  expectInTime(await clock.now(), 2)
})
