import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { type Compile, localOf } from './compiled.ts'
import { createLookRepository } from './repository-look.ts'
import type { CompiledRule, Occurrence } from './rule.ts'
import type { Schedule } from './row.ts'
import { createTurn } from './walk.ts'

const MINUTE_MS = 60_000
/** After this an answer ends at where it is. */
const BUDGET_MS = 200

export interface Entry {
  at: string
  kind: string
  id: string | null
  title: string
  count: number
}

/** A schedule on its way through the range. */
interface Walker {
  name: string
  rule: CompiledRule
  next: Occurrence
}

const minuteOf = (ms: number): number => Math.floor(ms / MINUTE_MS) * MINUTE_MS

/** The earliest first. A heap would be faster, and is not needed for the few thousand that are walked. */
const takeEarliest = (walkers: Walker[]): Walker | undefined => walkers.pop()

const insertInOrder = (walkers: Walker[], walker: Walker): void => {
  let [low, high] = [0, walkers.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((walkers[middle]?.next.at.getTime() ?? 0) > walker.next.at.getTime()) low = middle + 1
    else high = middle
  }
  walkers.splice(low, 0, walker)
}

/** What is to be run, for the calendar; what was run is there as what it has started. */
export const createScheduleCalendar = (o: {
  db: Database
  tables: Tables
  compile: Compile
  clock: Pick<Clock, 'now'>
}) => {
  const repository = createLookRepository(o.tables)

  const walkerOf = (schedule: Schedule, from: Date): Walker | null => {
    const { nextOccurrence: at, name, definition } = schedule
    if (at === null) return null
    const { rule } = o.compile(schedule)
    const next =
      at >= from ? { at, dueAt: at, local: localOf(at, definition) } : rule.next(new Date(from.getTime() - 1))
    return next === null ? null : { name, rule, next }
  }

  return {
    kind: 'schedule',
    scope: 'schedules:read' as const,

    async entries(
      projectId: number,
      { from: asked, to, limit, perMinute }: { from: Date; to: Date; limit: number; perMinute: number },
    ) {
      const now = await o.clock.now()
      const from = asked > now ? asked : now
      if (from >= to) return { entries: [], until: null }
      const turn = createTurn()
      const untilMs = performance.now() + BUDGET_MS
      const schedules = await repository.upcoming(o.db, projectId, to, limit + 1)
      // Of those that run after it nothing is known.
      const beyond = schedules.length > limit ? (schedules.pop()?.nextOccurrence ?? null) : null
      const walkers: Walker[] = []
      for (const schedule of schedules) {
        try {
          const walker = walkerOf(schedule, from)
          if (walker !== null && walker.next.at < to) insertInOrder(walkers, walker)
        } catch {
          // Of a rule that this version cannot read nothing can be shown.
        }
        await turn()
      }
      const found: { at: number; name: string }[] = []
      let until: Date | null = null
      for (let first = takeEarliest(walkers); first !== undefined; first = takeEarliest(walkers)) {
        const atMs = first.next.at.getTime()
        if (found.length >= limit || (performance.now() > untilMs && found.length > perMinute)) {
          const startMs = minuteOf(atMs)
          // A minute that has more than may be read is counted up to that.
          until = new Date(startMs > minuteOf(found[0]?.at ?? atMs) ? startMs : startMs + MINUTE_MS)
          break
        }
        found.push({ at: atMs, name: first.name })
        const next = first.rule.next(first.next.at)
        if (next !== null && next.at < to) insertInOrder(walkers, { ...first, next })
        await turn()
      }
      if (beyond !== null) {
        const end = new Date(Math.max(minuteOf(beyond.getTime()), minuteOf(from.getTime()) + MINUTE_MS))
        if (until === null || end < until) until = end
      }
      const shown = until === null ? found : found.filter(({ at }) => at < (until?.getTime() ?? 0))
      const entries = [...Map.groupBy(shown, ({ at }) => minuteOf(at))].flatMap(
        ([minuteMs, items]): Entry[] =>
          items.length > perMinute
            ? [
                {
                  ...{ at: new Date(minuteMs).toISOString(), kind: 'schedule', id: null },
                  ...{ title: `${items.length} schedules`, count: items.length },
                },
              ]
            : items.map(({ at, name }) => ({
                ...{ at: new Date(at).toISOString(), kind: 'schedule', id: name, title: name, count: 1 },
              })),
      )
      return { entries, until }
    },
  }
}
