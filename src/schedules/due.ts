import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Executed, ExecutionJob, StartResult } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import type { Tables } from '../platform/tables.ts'
import { newId } from '../platform/ids.ts'
import type { CaughtUp } from './catch-up.ts'
import type { Compile } from './compiled.ts'
import { decide, missedData } from './decide.ts'
import { decidedRun, eventOf, outcomeOf } from './outcome.ts'
import type { DueRepository } from './repository-due.ts'
import { type Moved, write } from './repository-write.ts'
import { type EventRow, type NewRun, pendingRun, type Schedule } from './row.ts'
import type { Beginning, Starter } from './start.ts'
import { createTurn } from './walk.ts'

export interface DueOptions {
  tables: Tables
  repository: DueRepository
  compile: Compile
  start: Starter
  log: Logger
  /** Something due then was planted and committed. */
  wake(dueMs: number): void
  onStep?: ((step: string) => void) | undefined
}

export const LOG_PREFIX = '[schedules]'

/** What a schedule comes to after its due run. */
export const movedTo = (schedule: Schedule, next: CaughtUp['next'], o: Partial<Moved> = {}): Moved => ({
  id: schedule.id,
  state: next === null ? 'finished' : 'active',
  nextOccurrence: next?.at ?? null,
  nextAt: next?.dueAt ?? null,
  ...{ lastRunId: null, lastRunAt: null, isChange: next === null },
  ...o,
})

export const told = (
  schedule: Pick<Schedule, 'projectId' | 'name'>,
  type: string,
  data: object,
): EventRow => ({
  ...{ projectId: schedule.projectId, subjectId: schedule.name, type, actor: null, data: { ...data } },
})

/** What is decided about one schedule: one run at once, or several that each wait for their turn. */
interface Decided {
  job: ExecutionJob
  schedule: Schedule
  caughtUp: CaughtUp
}

/**
 * Does what is due of schedules, up to a batch in one transaction: what each starts, the record of its run, the events and the
 * next timer. So a schedule is never without a next run, and never has two.
 */
export const createDue = (o: DueOptions) => {
  const { tables: t, repository } = o
  const step = (name: string) => o.onStep?.(name)

  return async (tx: Database, jobs: readonly ExecutionJob[], alone: boolean): Promise<Executed> => {
    const turn = createTurn()
    step('begun')
    const ids = [...new Set(jobs.map((job) => job.data.s))]
    const schedules = new Map((await repository.lockSchedules(tx, ids, !alone)).map((s) => [s.id, s]))
    // After the locks, so that nothing that they waited for is taken to be still to come.
    const now = await repository.now(tx)
    step('locked')
    const left: ExecutionJob[] = []
    const seen = new Set<string>()
    const decided: Decided[] = []
    const early: Schedule[] = []
    for (const job of jobs) {
      const schedule = schedules.get(job.data.s)
      // In a batch, what is missing may merely be locked.
      if (schedule === undefined && !alone) left.push(job)
      if (schedule?.state !== 'active' || schedule.generation !== job.data.g) continue
      if (seen.has(schedule.id)) continue
      seen.add(schedule.id)
      if (schedule.nextAt !== null && schedule.nextAt > now) early.push(schedule)
      else decided.push({ job, schedule, caughtUp: await decide(o.compile, schedule, { now, turn }) })
      await turn()
    }

    const runs: NewRun[] = []
    const events: EventRow[] = []
    const moved: Moved[] = early.map((s) =>
      movedTo(s, s.nextOccurrence && s.nextAt && { at: s.nextOccurrence, dueAt: s.nextAt, local: '' }),
    )
    const beginnings: (Beginning & { one: Decided; isMissed: boolean })[] = []
    for (const one of decided) {
      const [only, ...more] = one.caughtUp.run
      if (only !== undefined && more.length === 0)
        beginnings.push({
          ...{ one, schedule: one.schedule, occurrence: only.occurrence, isMissed: only.isMissed },
          ...{ dueAt: only.occurrence.dueAt, isSerial: true },
        })
    }
    const begun = await o.start(tx, beginnings, { now, alone, turn })
    step('started')
    const held = new Set<Decided>()
    const lastRuns = new Map<Decided, NewRun>()
    for (const [i, { one, occurrence, isMissed, dueAt }] of beginnings.entries()) {
      const { result, item } = begun[i] ?? { result: { held: true } satisfies StartResult, item: null }
      if ('held' in result) {
        held.add(one)
        continue
      }
      const outcome = outcomeOf(result, item, dueAt, now)
      const cause = isMissed ? 'missed' : 'schedule'
      const run = decidedRun(one.schedule, { occurrenceAt: occurrence.at, dueAt, cause }, outcome)
      runs.push(run)
      events.push(...[eventOf(run, outcome)].filter((event) => event !== null))
      if (run.state !== 'skipped') lastRuns.set(one, run)
      await turn()
    }
    for (const one of decided) {
      const { schedule, caughtUp } = one
      if (held.has(one)) {
        left.push(one.job)
        continue
      }
      if (caughtUp.run.length > 1)
        for (const { occurrence, isMissed } of caughtUp.run) {
          const cause = isMissed ? 'missed' : 'schedule'
          const { at: occurrenceAt, dueAt } = occurrence
          runs.push(pendingRun(schedule, { id: newId(), occurrenceAt, dueAt, cause, nextAt: dueAt }))
        }
      const last = lastRuns.get(one)
      moved.push(
        movedTo(schedule, caughtUp.next, { lastRunId: last?.id ?? null, lastRunAt: last?.startedAt ?? null }),
      )
      const missed = missedData(schedule, caughtUp)
      if (missed !== null) events.push(told(schedule, 'schedule.missed', missed))
      if (caughtUp.next === null) events.push(told(schedule, 'schedule.finished', {}))
    }
    // What waits is as long as it may be: one turn for its JSON alone.
    if (runs.length > decided.length) await nextTurn()
    await write(tx, t, now, { moved, runs, events })
    step('written')
    const firstMs = Math.min(
      ...runs.map(({ dueAt }) => dueAt.getTime()),
      ...moved.flatMap(({ nextAt }) => nextAt?.getTime() ?? []),
    )
    return {
      left,
      afterwards() {
        if (Number.isFinite(firstMs)) o.wake(firstMs)
        for (const run of runs)
          if (run.state === 'failed')
            o.log.warn(`${LOG_PREFIX} ${run.name}: a run could not be started: ${run.error?.message ?? ''}`)
      },
    }
  }
}
