import type { Database } from '../platform/database.ts'
import { addUp, type Percentiles, percentiles, total } from './histogram.ts'
import { perSecondOf } from './rate.ts'
import {
  createOverviewRepository,
  OPEN_LIMIT,
  type OverviewSources,
  type Sums,
  type Waiting,
} from './repository-overview.ts'
import { CHANGES, OUTCOMES } from './repository-rollups.ts'
import type { Rollups } from './rollups.ts'

/** What of publications is there, late and done; the last four are of those that were due within the last hour. */
export interface PublicationFigures {
  scheduled: number
  /** For good: failed or missed. */
  failed: number
  overdue: number
  minute: number
  hour: number
  day: number
  lastHour: { succeeded: number; superseded: number; canceled: number; failed: number; missed: number }
  /** Milliseconds; null without any. */
  lateness: Percentiles
}

/** What else is shown beside notifications. */
export interface OtherSources {
  runs: Omit<OverviewSources, 'lanes' | 'tables' | 'jobsTable'> & {
    tasks: readonly { name: string; lane: string }[]
  }
  publications(db: Database, projectId: number): Promise<PublicationFigures>
}

export interface OverviewOptions extends OverviewSources {
  others: OtherSources
  db: Database
  rollups: Pick<Rollups, 'catchUp'>
  /** Lanes under the names that they are shown by. */
  channels: readonly { name: string; lane: string }[]
}

/** What happened within the last hour. */
export interface LastHour {
  created: number
  delivered: number
  failed: number
  canceled: number
  expired: number
  /** Attempts that ended, by outcome. */
  attempts: Record<string, number>
  lateness: Percentiles
  /** Attempts that ended a second, over the last minute. */
  throughput: number
}

const outcomesOf = (counts: readonly number[]): Record<string, number> =>
  Object.fromEntries(OUTCOMES.map((outcome, i) => [outcome, counts[i] ?? 0]))

const summary = (minutes: readonly Sums[], now: Date): LastHour => {
  const sum = (change: (typeof CHANGES)[number]) => total(minutes.map((minute) => minute[change]))
  return {
    created: sum('created'),
    delivered: sum('delivered'),
    failed: sum('failed'),
    canceled: sum('canceled'),
    expired: sum('expired'),
    attempts: outcomesOf(addUp(minutes.map(({ attempts }) => attempts))),
    lateness: percentiles(addUp(minutes.map(({ late }) => late))),
    throughput: perSecondOf(
      minutes.map(({ at, attempts }) => ({ at, attempts: total(attempts) })),
      now,
    ),
  }
}

export interface SeriesRange {
  from: Date
  to: Date
  stepSeconds: number
}

export type Metric = 'lateness' | 'throughput' | 'outcomes'

const pointOf: Readonly<
  Record<Metric, (sums: Omit<Sums, 'lane'> | undefined, stepSeconds: number) => Record<string, number | null>>
> = {
  lateness: (sums) => ({
    ...percentiles(sums?.late ?? []),
    count: total(sums?.late ?? []),
  }),
  throughput: (sums, stepSeconds) => ({
    perSecond: Math.round((total(sums?.attempts ?? []) / stepSeconds) * 1000) / 1000,
    created: sums?.created ?? 0,
  }),
  outcomes: (sums) => ({
    ...outcomesOf(sums?.attempts ?? []),
    created: sums?.created ?? 0,
    final: total(CHANGES.slice(1).map((change) => sums?.[change] ?? 0)),
  }),
}

export type Overview = ReturnType<typeof createOverview>

const due = ({ minute, hour, day }: Pick<Waiting, 'minute' | 'hour' | 'day'>) => ({
  minute: Math.min(minute, OPEN_LIMIT),
  hour: Math.min(hour, OPEN_LIMIT),
  day: Math.min(day, OPEN_LIMIT),
})

const inProgress = (totals: ReadonlyMap<string, number>, { queued, sending, retrying }: Waiting) =>
  Math.max(0, (totals.get('open') ?? 0) - queued - sending - retrying)

/** What is there, what is late and how it goes, of one project: read from sums and indexes, never by counting history. */
export const createOverview = (o: OverviewOptions) => {
  const { tables, jobsTable } = o
  const repository = createOverviewRepository(o)
  const { tasks, ...ofRuns } = o.others.runs
  const runs = createOverviewRepository({
    ...{ ...ofRuns, tables, jobsTable, lanes: tasks.map(({ lane }) => lane) },
  })

  /** Of each lane, under the name that it is shown by. */
  const byName = (named: readonly { name: string; lane: string }[], minutes: readonly Sums[], now: Date) => {
    const byLane = Map.groupBy(minutes, ({ lane }) => lane)
    return named.map(({ name, lane }): [string, LastHour] => [name, summary(byLane.get(lane) ?? [], now)])
  }

  const runsOf = (
    totals: ReadonlyMap<string, number>,
    waiting: Waiting,
    { minutes, now }: { minutes: readonly Sums[]; now: Date },
  ) => {
    const lanes = new Set(tasks.map(({ lane }) => lane))
    const { lateness, throughput } = summary(
      minutes.filter(({ lane }) => lanes.has(lane)),
      now,
    )
    const count = (state: string) => totals.get(state) ?? 0
    return {
      counts: {
        scheduled: inProgress(totals, waiting),
        ...{ queued: waiting.queued, running: waiting.sending, retrying: waiting.retrying },
        succeeded: count('delivered'),
        ...{ failed: count('failed'), canceled: count('canceled'), expired: count('expired') },
      },
      ...{ due: due(waiting), overdue: waiting.overdue, lateness, throughput },
      byTask: Object.fromEntries(
        byName(tasks, minutes, now).map(([name, { delivered: succeeded, attempts, ...hour }]) => {
          const { delivered, ...ended } = attempts
          return [name, { ...hour, succeeded, attempts: { succeeded: delivered ?? 0, ...ended } }]
        }),
      ),
    }
  }

  const readPublications = async (projectId: number) => {
    const { scheduled, failed, overdue, lastHour, lateness, ...found } = await o.others.publications(
      o.db,
      projectId,
    )
    return { counts: { scheduled, failed }, due: due(found), ...{ overdue, lateness, lastHour } }
  }

  return {
    async read(projectId: number) {
      await o.rollups.catchUp()
      const [totals, waiting, lastHour, runTotals, runsWaiting, publications] = await Promise.all([
        repository.totals(o.db, projectId),
        repository.waiting(o.db, projectId),
        repository.lastHour(o.db, projectId),
        runs.totals(o.db, projectId),
        runs.waiting(o.db, projectId),
        readPublications(projectId),
      ])
      const { now, minutes } = lastHour
      const { queued, sending, retrying, overdue } = waiting
      const count = (state: string) => totals.get(state) ?? 0
      const { lateness, throughput } = summary(minutes, now)
      return {
        at: now.toISOString(),
        counts: {
          scheduled: inProgress(totals, waiting),
          ...{ queued, sending, retrying },
          delivered: count('delivered'),
          failed: count('failed'),
          canceled: count('canceled'),
          expired: count('expired'),
        },
        due: due(waiting),
        ...{ overdue, lateness, throughput },
        byChannel: Object.fromEntries(byName(o.channels, minutes, now)),
        runs: runsOf(runTotals, runsWaiting, lastHour),
        publications,
      }
    },

    /** A point for each step, also where nothing happened. */
    async series(projectId: number, metric: Metric, { from, to, stepSeconds }: SeriesRange) {
      await o.rollups.catchUp()
      const stepMs = stepSeconds * 1000
      const points = Math.ceil((to.getTime() - from.getTime()) / stepMs)
      const isHourly = stepSeconds % 3600 === 0 && from.getTime() % 3_600_000 === 0
      const rows = await repository.series(o.db, projectId, {
        ...{ from, to, stepSeconds, points },
        minutes: isHourly ? 60 : 1,
      })
      const byTime = new Map(rows.map((row) => [row.at.getTime(), row]))
      return Array.from({ length: points }, (_, i) => {
        const atMs = from.getTime() + i * stepMs
        return { at: new Date(atMs).toISOString(), ...pointOf[metric](byTime.get(atMs), stepSeconds) }
      })
    },
  }
}
