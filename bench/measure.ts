import { setTimeout as sleep } from 'node:timers/promises'
import { nowMs } from './clock.ts'
import { type Lateness, latenessOf } from './figures.ts'
import { type BenchDatabase, drained } from './kit.ts'
import { type Marks, plant, type PlantOptions, sleepUntil } from './plant.ts'
import type { Measured, PlainPgBoss, Worker } from './processes.ts'

export interface Rate {
  perSecond: number
  seconds: number
}

const ARRIVAL_LIMIT_MS = 120_000
const DRAIN_LIMIT_MS = 120_000

/** Time to plant in before the first one is due: several times what it takes. */
export const leadMs = (count: number): number => 500 + count * 0.05

/** Resolves once `count` sends have begun; asks only after the last one is due, so as not to disturb. */
export const arrived = async (
  measured: Pick<Measured, 'count'>,
  count: number,
  lastMs: number,
): Promise<void> => {
  await sleepUntil(lastMs + 50)
  const deadline = nowMs() + ARRIVAL_LIMIT_MS
  for (;;) {
    const begun = await measured.count()
    if (begun === count) return
    if (begun > count) throw new Error(`${begun} sends began, of ${count} that were planted`)
    if (nowMs() > deadline) throw new Error(`${begun} of ${count} sends began within ${ARRIVAL_LIMIT_MS} ms`)
    await sleep(50)
  }
}

/** Plants, waits until everything has begun, and returns how late each was. Nothing of it is left to do then. */
const measure = async (
  measured: Measured,
  { perSecond, seconds }: Rate,
  o: { hangEvery?: number; plant(p: PlantOptions): Promise<number> },
): Promise<number[]> => {
  await measured.take()
  const count = perSecond * seconds
  const hanging = o.hangEvery === undefined ? 0 : Math.ceil(count / o.hangEvery)
  const before = await measured.count()
  const lastMs = await o.plant({ count, perSecond, inMs: leadMs(count) })
  await arrived(measured, before + count - hanging, lastMs)
  return measured.take()
}

/** Nothing is left to do when it resolves. What hangs is not among the measured ones. */
export const measureYeyak = async (
  worker: Worker,
  db: BenchDatabase,
  rate: Rate,
  marks: Marks = {},
): Promise<Lateness> => {
  const late = await measure(worker, rate, { ...marks, plant: (o) => plant(db, { ...o, ...marks }) })
  await drained(db, DRAIN_LIMIT_MS)
  return latenessOf(late)
}

/** The same of plain pg-boss. */
export const measurePgBoss = async (boss: PlainPgBoss, rate: Rate): Promise<Lateness> =>
  // Its insert takes longer, and cannot be taken back.
  latenessOf(await measure(boss, rate, { plant: (o) => boss.plant({ ...o, inMs: o.inMs + 2_000 }) }))

/** What is compiled, connected and cached by the first few hundred sends is not what is measured. */
export const warmUp = async (worker: Worker, db: BenchDatabase, smoke: boolean): Promise<void> => {
  await measureYeyak(worker, db, { perSecond: 500, seconds: smoke ? 0.2 : 3 })
}

/** Lets `count` be due at one instant; returns how many a second were delivered and recorded, from due to last recorded. */
export const measureBurst = async (
  measured: Pick<Measured, 'count'>,
  db: BenchDatabase,
  count: number,
  marks: Marks = {},
): Promise<number> => {
  const before = await measured.count()
  const dueMs = await plant(db, { count, perSecond: 0, inMs: leadMs(count), ...marks })
  await arrived(measured, before + count, dueMs)
  await drained(db, DRAIN_LIMIT_MS)
  const [row] = await db.query<{ delivered: number; seconds: number }>(
    `select count(*) filter (where state = 'delivered')::int as delivered,
            extract(epoch from max(finished_at) - max(due_at))::float8 as seconds
     from yeyak.notifications where due_at = to_timestamp($1::float8 / 1000)::timestamptz(3)`,
    [dueMs],
  )
  if (row?.delivered !== count) throw new Error(`${row?.delivered} of ${count} are on record as delivered`)
  return count / row.seconds
}
