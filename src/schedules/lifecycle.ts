import type { Caller, Idempotency, Once } from '../http/index.ts'
import { type Database, inTransaction } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import type { Tables } from '../platform/tables.ts'
import { resolveWhen, type Timers } from '../timers/index.ts'
import { catchUp, type CaughtUp } from './catch-up.ts'
import { type Compile, localOf } from './compiled.ts'
import type { MissedPolicy } from './definition.ts'
import { movedTo, told } from './due.ts'
import { decidedRun, eventOf, outcomeOf } from './outcome.ts'
import type { Repository } from './repository.ts'
import type { DueRepository } from './repository-due.ts'
import { write } from './repository-write.ts'
import { type EventRow, type NewRun, pendingRun, type Run, type Schedule } from './row.ts'
import { isName, LIMITS } from './schema.ts'
import { checkVersion, type Expected, LOCK_TIMEOUT } from './service.ts'
import type { Starter } from './start.ts'
import { createTurn, walkBetween } from './walk.ts'

export interface LifecycleOptions {
  db: Database
  tables: Tables
  repository: Repository
  due: DueRepository
  compile: Compile
  start: Starter
  once: Once
  timers: Pick<Timers, 'wake'>
}

type Locked = Schedule & { now: Date }

const fault = (path: string, en: string, ko: string): YeyakError =>
  new YeyakError('invalid-request', { errors: [{ path, message: { en, ko } }] })

export type Lifecycle = ReturnType<typeof createLifecycle>

/** What is done to a schedule beside changing what it says. */
export const createLifecycle = (o: LifecycleOptions) => {
  const { db, tables: t, repository, due, compile } = o

  const locked = async (tx: Database, caller: Caller, name: string, expected: Expected): Promise<Locked> => {
    const found = isName(name) ? await repository.lock(tx, caller.projectId, name) : null
    if (found === null) throw new YeyakError('not-found')
    checkVersion(found, expected)
    return found
  }

  const toldBy = ({ actor }: Caller, schedule: Schedule, type: string, data: object): EventRow => ({
    ...told(schedule, type, data),
    actor,
  })

  const wake = (ms: number): void => {
    if (Number.isFinite(ms)) o.timers.wake(ms)
  }

  /** Of a paused schedule: what a resume now would run, without the occurrences that a backfill has filled in. */
  const missedOf = async (tx: Database, schedule: Locked, policy: MissedPolicy): Promise<CaughtUp> => {
    const { now, nextOccurrence, definition } = schedule
    const { rule } = compile(schedule)
    if (nextOccurrence === null) return { run: [], missed: null, next: null }
    const caughtUp = await catchUp({
      ...{ rule, now, missed: policy, missedWithinSeconds: definition.missedWithinSeconds, onTimeMs: -1 },
      from: {
        ...{
          at: nextOccurrence,
          dueAt: rule.dueAt(nextOccurrence),
          local: localOf(nextOccurrence, definition),
        },
      },
      turn: createTurn(),
    })
    const [first] = caughtUp.run
    const last = caughtUp.run.at(-1)
    if (first === undefined || last === undefined) return caughtUp
    const taken = await due.taken(tx, schedule.id, first.occurrence.at, last.occurrence.at)
    return { ...caughtUp, run: caughtUp.run.filter(({ occurrence }) => !taken.has(occurrence.at.getTime())) }
  }

  return {
    async pause(caller: Caller, name: string, expected: Expected): Promise<void> {
      await inTransaction(db, LOCK_TIMEOUT, async (tx) => {
        const schedule = await locked(tx, caller, name, expected)
        const { state, nextOccurrence, nextAt, now } = schedule
        if (state === 'finished')
          throw new YeyakError('already-final', { members: { outcome: 'already_final', state } })
        if (state === 'paused') return
        const moved = movedTo(schedule, null, { state: 'paused', nextOccurrence, nextAt, isChange: true })
        await write(tx, t, now, { moved: [moved], events: [toldBy(caller, schedule, 'schedule.paused', {})] })
      })
    },

    /** Returns how many of the missed are made up for. A dry run changes nothing, and needs no version. */
    async resume(
      caller: Caller,
      name: string,
      expected: Expected,
      { missed, dryRun = false }: { missed?: MissedPolicy; dryRun?: boolean },
    ): Promise<number> {
      const done = await inTransaction(db, LOCK_TIMEOUT, async (tx) => {
        const schedule = await locked(tx, caller, name, dryRun ? (expected ?? 'any') : expected)
        const { state, now, definition } = schedule
        if (state === 'finished')
          throw new YeyakError('already-final', { members: { outcome: 'already_final', state } })
        if (state === 'active') return { count: 0, wakeMs: Infinity }
        const policy = missed ?? definition.missed
        const caughtUp = await missedOf(tx, schedule, policy)
        const count = caughtUp.run.length
        if (dryRun) return { count, wakeMs: Infinity }
        const runs = caughtUp.run.map(({ occurrence }) => {
          const { at: occurrenceAt, dueAt } = occurrence
          return pendingRun(schedule, { id: newId(), occurrenceAt, dueAt, cause: 'missed', nextAt: dueAt })
        })
        const events = [toldBy(caller, schedule, 'schedule.resumed', { missed: count, policy })]
        if (caughtUp.next === null) events.push(told(schedule, 'schedule.finished', {}))
        await write(tx, t, now, {
          moved: [movedTo(schedule, caughtUp.next, { isChange: true })],
          runs,
          events,
        })
        await repository.releaseRuns(tx, schedule.id)
        return { count, wakeMs: 0 }
      })
      wake(done.wakeMs)
      return done.count
    },

    /** Whatever its state: it was asked for by name. */
    async runNow(
      caller: Caller,
      name: string,
      expected: Expected,
      idempotency: Idempotency | null,
    ): Promise<{ run: Run; replayed: boolean }> {
      const { projectId } = caller
      const { made, replayed } = await o.once.make(
        { projectId, idempotency, find: (id) => repository.run(db, id) },
        async (commit) => {
          const id = newId()
          const dueMs = await commit(id, async (tx) => {
            const schedule = await locked(tx, caller, name, expected)
            const { now } = schedule
            const occurrence = { at: now, local: localOf(now, schedule.definition) }
            const beginning = { schedule, occurrence, dueAt: now, isSerial: true }
            const [begun] = await o.start(tx, [beginning], { now, alone: true, turn: createTurn() })
            if (begun === undefined || 'held' in begun.result)
              throw new Error('a run that waits for nobody was held')
            const outcome = outcomeOf(begun.result, begun.item, now, now)
            const of = { occurrenceAt: now, dueAt: now, cause: 'manual', manualKey: id } as const
            const run: NewRun = { ...decidedRun(schedule, of, outcome), id }
            const event = eventOf(run, outcome)
            await write(tx, t, now, {
              runs: [run],
              events: event === null ? [] : [{ ...event, actor: caller.actor }],
            })
            if (run.state !== 'skipped') await due.setLastRun(tx, schedule.id, id, now)
            return now.getTime()
          })
          wake(dueMs)
          const run = await repository.run(db, id)
          if (run === null) throw new Error('a run that was written is not there')
          return run
        },
      )
      return { run: made, replayed }
    },

    /** Returns how many runs there are to be of a past range that has none yet. */
    async backfill(
      caller: Caller,
      name: string,
      expected: Expected,
      body: { from: unknown; to: unknown; dryRun?: boolean },
    ): Promise<number> {
      const { dryRun = false } = body
      const done = await inTransaction(db, LOCK_TIMEOUT, async (tx) => {
        const schedule = await locked(tx, caller, name, dryRun ? (expected ?? 'any') : expected)
        const { now } = schedule
        const at = (given: unknown, path: string) => resolveWhen(given, { path, now, past: 'allow' }).at
        const from = at(body.from, 'from')
        const to = at(body.to, 'to')
        if (to <= from) throw fault('to', 'must be later than from', 'from보다 나중이어야 합니다.')
        if (to > now)
          throw fault(
            'to',
            `must not be in the future: nothing is started early (${now.toISOString()} now)`,
            `미래일 수 없습니다. 미리 시작하는 것은 없습니다(현재 ${now.toISOString()}).`,
          )
        const { rule } = compile(schedule)
        const before = new Date(to.getTime() - 1)
        const found = await walkBetween(rule, from, before, LIMITS.backfill + 1, createTurn())
        if (found.length > LIMITS.backfill)
          throw fault(
            'to',
            `makes more than ${LIMITS.backfill} runs: fill in a shorter range at a time`,
            `실행이 ${LIMITS.backfill}개를 넘습니다. 더 짧은 범위로 나누어야 합니다.`,
          )
        const taken = await due.taken(tx, schedule.id, from, to)
        // What its own timer is about to run is left to that.
        const isOwn = ({ at: when }: { at: Date }) =>
          schedule.state === 'active' && schedule.nextOccurrence !== null && when >= schedule.nextOccurrence
        const missing = found.filter((one) => !taken.has(one.at.getTime()) && !isOwn(one))
        if (dryRun || missing.length === 0) return { count: missing.length, wakeMs: Infinity }
        const runs = missing.map(({ at: occurrenceAt }) =>
          pendingRun(schedule, { id: newId(), occurrenceAt, dueAt: now, cause: 'backfill', nextAt: now }),
        )
        const data = { from: from.toISOString(), to: to.toISOString(), count: runs.length }
        await write(tx, t, now, { runs, events: [toldBy(caller, schedule, 'schedule.backfilled', data)] })
        return { count: runs.length, wakeMs: now.getTime() }
      })
      wake(done.wakeMs)
      return done.count
    },
  }
}
