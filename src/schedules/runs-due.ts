import type { Executed, ExecutionJob } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import { localOf } from './compiled.ts'
import { type DueOptions, LOG_PREFIX } from './due.ts'
import { eventOf, type Outcome, outcomeOf } from './outcome.ts'
import { type Ended, write } from './repository-write.ts'
import type { Run, Schedule } from './row.ts'
import type { Beginning } from './start.ts'
import { createTurn } from './walk.ts'

export const endedAs = (
  run: Pick<Run, 'id' | 'failures'>,
  outcome: Outcome,
  o: Partial<Ended> = {},
): Ended => ({
  ...{ id: run.id, nextAt: null, failures: run.failures },
  ...outcome,
  ...o,
})

/** Nobody wants it any more: its schedule is gone. */
const CANCELED: Omit<Outcome, 'finishedAt'> = {
  ...{ state: 'canceled', reason: 'deleted', error: null, itemKind: null, itemId: null },
  ...{ lateMs: null, startedAt: null },
}

/** What a run starts is due when the run is; of what was asked for afterwards, when it was asked for. */
const isLeft = (run: Run, schedule: Schedule | undefined): boolean =>
  schedule?.state === 'paused' && run.cause !== 'manual'

/** Does runs that each wait for their turn: those that are made up for, those of a past range, those that are tried again. */
export const createRunsDue = (o: DueOptions) => {
  const { tables: t, repository } = o
  const step = (name: string) => o.onStep?.(name)

  return async (tx: Database, jobs: readonly ExecutionJob[], alone: boolean): Promise<Executed> => {
    const turn = createTurn()
    step('run begun')
    const ids = [...new Set(jobs.map((job) => job.data.s))]
    const serial = new Set(await repository.lockSerial(tx, ids, !alone))
    const runs = await repository.lockRuns(tx, ids, !alone)
    const schedules = new Map(
      (await repository.schedules(tx, [...new Set(runs.map((run) => run.scheduleId))])).map((s) => [s.id, s]),
    )
    const now = await repository.now(tx)
    step('run locked')
    const byId = new Map(runs.map((run) => [run.id, run]))
    const left: ExecutionJob[] = []
    const seen = new Set<string>()
    const ended: Ended[] = []
    const early: number[] = []
    const wanted: { job: ExecutionJob; run: Run; schedule: Schedule }[] = []
    for (const job of jobs) {
      const run = byId.get(job.data.s)
      if (run === undefined && !alone) left.push(job)
      if (run === undefined || run.nextAt === null || run.generation !== job.data.g) continue
      // A resume plants it again while its job is on its way: two of one generation.
      if (seen.has(run.id)) continue
      seen.add(run.id)
      const schedule = schedules.get(run.scheduleId)
      if (schedule === undefined) ended.push({ ...endedAs(run, { ...CANCELED, finishedAt: now }) })
      // It is planted again when the schedule is resumed.
      else if (isLeft(run, schedule)) continue
      else if (run.nextAt > now) {
        ended.push(waiting(run))
        early.push(run.nextAt.getTime())
      } else if (
        schedule.definition.concurrent === 'skip' &&
        run.cause !== 'backfill' &&
        !serial.has(schedule.id)
      )
        left.push(job)
      else wanted.push({ job, run, schedule })
    }
    wanted.sort((a, b) => a.run.occurrenceAt.getTime() - b.run.occurrenceAt.getTime())
    const beginnings = wanted.map(({ run, schedule }): Beginning => ({
      ...{ schedule, dueAt: run.dueAt, isSerial: run.cause !== 'backfill' },
      occurrence: { at: run.occurrenceAt, local: localOf(run.occurrenceAt, schedule.definition) },
    }))
    const begun = await o.start(tx, beginnings, { now, alone, turn })
    step('run started')
    const events = []
    const last = new Map<string, Run>()
    for (const [i, { job, run, schedule }] of wanted.entries()) {
      const one = begun[i]
      if (one === undefined || 'held' in one.result) {
        left.push(job)
        continue
      }
      const outcome = outcomeOf(one.result, one.item, run.dueAt, now)
      ended.push(endedAs(run, outcome))
      const event = eventOf(run, outcome)
      if (event !== null) events.push(event)
      if (outcome.state !== 'skipped') last.set(schedule.id, run)
      if (outcome.state === 'failed')
        o.log.warn(`${LOG_PREFIX} ${run.name}: a run could not be started: ${outcome.error?.message ?? ''}`)
      await turn()
    }
    // Whose turn it is next looks at the last one; the others are looked at by nobody.
    const latest = [...last].filter(([id]) => serial.has(id))
    await write(tx, t, now, { ended, events })
    for (const [id, run] of latest) await repository.setLastRun(tx, id, run.id, now)
    step('run written')
    const firstMs = Math.min(...early, ...(wanted.length > 0 ? [now.getTime()] : []))
    return {
      left,
      afterwards() {
        if (Number.isFinite(firstMs)) o.wake(firstMs)
      },
    }
  }
}

/** As it was: its job came too early, and its timer is planted again. */
const waiting = (run: Run): Ended => ({
  ...{ id: run.id, state: 'pending', reason: run.reason, error: run.error, itemKind: null, itemId: null },
  ...{ nextAt: run.nextAt, failures: run.failures, lateMs: null, startedAt: null, finishedAt: null },
})
