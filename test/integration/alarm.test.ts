import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/platform/database.ts'
import { newId } from '../../src/platform/ids.ts'
import { createTables } from '../../src/platform/tables.ts'
import type { Queue } from '../../src/queue/index.ts'
import { type Alarm, createAlarm } from '../../src/timers/alarm.ts'
import { silentLog } from '../kit/config.ts'
import type { TestDatabase } from '../kit/database.ts'
import { eventually } from '../kit/poll.ts'
import { startTestQueue, type TestQueue } from '../kit/queue.ts'

let kit: TestQueue
let database: TestDatabase
let db: Database
let queue: Queue
beforeAll(async () => {
  kit = await startTestQueue()
  ;({ database, db, queue } = kit)
})
afterAll(() => kit.end())

let made = 0
/** An alarm on a lane of the test's own, which counts what it hands over. */
const withAlarm = async (run: (o: { alarm: Alarm; lane: string; handed: () => number }) => Promise<void>) => {
  made += 1
  const lane = `alarm.${made}`
  await queue.ensureQueue(lane, 'lane')
  let handed = 0
  const alarm = createAlarm({
    ...{ db, tables: createTables('yeyak'), queue, log: silentLog() },
    onHandedOver: (_lane, count) => (handed += count),
  })
  try {
    await run({ alarm, lane, handed: () => handed })
  } finally {
    await alarm.stop()
  }
}

/** Plants a timer and tells nobody. Returns when it is due, by the database's clock. */
const plant = async (lane: string, inMs: number): Promise<number> => {
  const [row] = await database.query<{ ms: number }>(
    `insert into yeyak.timers (subject_id, lane, due_at, generation, priority)
     values ($1, $2, clock_timestamp() + make_interval(secs => $3::float8 / 1000), 1, 0)
     returning (extract(epoch from due_at) * 1000)::float8 as ms`,
    [newId(), lane, inMs],
  )
  return row?.ms ?? Number.NaN
}

const left = (lane: string) => database.query('select 1 from yeyak.timers where lane = $1', [lane])

test('what a sweep has read before a wake-up does not undo the wake-up', () =>
  withAlarm(async ({ alarm, lane, handed }) => {
    alarm.setLanes([lane])
    const dueMs = await plant(lane, 150)
    alarm.wake(dueMs)
    // The sweep looked when nothing was there.
    alarm.reset(null)
    await eventually('handed over', () => handed() === 1)
    // Nor does one that knows only of what is far away.
    alarm.wake(await plant(lane, 150))
    alarm.reset({ inMs: 3_600_000, dueMs: dueMs + 3_600_000 })
    await eventually('the second one too', () => handed() === 2)
    expect(await left(lane)).toEqual([])
  }))

test('a wake-up for what is due earlier than all that was handed over is found, below the floor', () =>
  withAlarm(async ({ alarm, lane, handed }) => {
    await plant(lane, -1_000)
    alarm.setLanes([lane])
    await eventually('the first one', () => handed() === 1)
    alarm.wake(await plant(lane, -3_600_000))
    await eventually('the earlier one', () => handed() === 2)
    expect(await left(lane)).toEqual([])
  }))

test('what nobody told of is found by the sweep, whose answer lifts the floor', () =>
  withAlarm(async ({ alarm, lane, handed }) => {
    await plant(lane, -1_000)
    alarm.setLanes([lane])
    await eventually('the first one', () => handed() === 1)
    const dueMs = await plant(lane, -3_600_000)
    alarm.reset({ inMs: -3_600_000, dueMs })
    await eventually('the forgotten one', () => handed() === 2)
    expect(await left(lane)).toEqual([])
  }))

test('a wake-up of each of many writers leaves nothing behind', () =>
  withAlarm(async ({ alarm, lane, handed }) => {
    alarm.setLanes([lane])
    const writer = async (_: unknown, n: number) => {
      for (let i = 0; i < 20; i += 1) {
        alarm.wake(await plant(lane, (i * 7 + n) % 100))
        if (i % 3 === 0) alarm.reset(null)
      }
    }
    await Promise.all(Array.from({ length: 10 }, writer))
    await eventually('all', () => handed() === 200)
    expect(await left(lane)).toEqual([])
  }))

test('a lane that was quiet is handed over beside a busy one, also where its timer is the older one', () =>
  withAlarm(async ({ alarm, lane, handed }) => {
    const quiet = `${lane}.quiet`
    await queue.ensureQueue(quiet, 'lane')
    alarm.setLanes([lane, quiet])
    // From here on only the first lane is in use.
    alarm.wake(await plant(lane, -1_000))
    await eventually('the busy lane', () => handed() === 1)
    await plant(quiet, -500)
    alarm.wake(await plant(lane, -100))
    await eventually('both', () => handed() === 3)
    expect([await left(lane), await left(quiet)]).toEqual([[], []])
    const dueMs = await plant(quiet, 200)
    alarm.wake(await plant(lane, 100))
    alarm.wake(dueMs)
    await eventually('what is due later on the quiet one', () => handed() === 5)
  }))
