import type { ItemState, Startable } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import type { Compile } from './compiled.ts'
import type { Run, Schedule } from './row.ts'
import { type Found, shown } from './service.ts'
import type { Turn } from './walk.ts'

const NEXT_RUNS = 5

const instant = (date: Date | null): string | null => date?.toISOString() ?? null

/** By the kind of item, then by its id. */
type States = ReadonlyMap<string, ReadonlyMap<string, ItemState>>

export const toRun = (run: Run, states: States) => ({
  id: run.id,
  scheduleId: run.name,
  occurrenceAt: run.occurrenceAt.toISOString(),
  dueAt: run.dueAt.toISOString(),
  cause: run.cause,
  state: run.state,
  reason: run.reason,
  error: run.error,
  item:
    run.itemKind === null || run.itemId === null
      ? null
      : {
          ...{ kind: run.itemKind, id: run.itemId },
          state: states.get(run.itemKind)?.get(run.itemId)?.state ?? null,
        },
  attemptCount: run.attemptNo,
  nextAttemptAt: instant(run.nextAt),
  lateMs: run.lateMs,
  startedAt: instant(run.startedAt),
  finishedAt: instant(run.finishedAt),
  createdAt: run.createdAt.toISOString(),
})

/** Schedules and runs as they are answered. */
export const createResources = (o: {
  db: Database
  kinds: ReadonlyMap<string, Startable>
  compile: Compile
}) => {
  const { db, kinds, compile } = o

  /** How those stand that these runs have started. */
  const statesOf = async (runs: readonly Run[]): Promise<States> => {
    const states = new Map<string, ReadonlyMap<string, ItemState>>()
    for (const { item, states: read } of kinds.values()) {
      const ids = runs.flatMap(({ itemKind, itemId }) =>
        itemKind === item && itemId !== null ? [itemId] : [],
      )
      if (ids.length > 0 && !states.has(item)) states.set(item, await read(db, ids))
    }
    return states
  }

  /** Of a rule that this version can no longer read, none: the schedule itself can be read all the same. */
  const nextRunsOf = async (schedule: Schedule, turn: Turn): Promise<string[]> => {
    const { state, nextOccurrence } = schedule
    if (state !== 'active' || nextOccurrence === null) return []
    const runs = [nextOccurrence.toISOString()]
    try {
      const { rule } = compile(schedule)
      let next = rule.next(nextOccurrence)
      while (next !== null && runs.length < NEXT_RUNS) {
        runs.push(next.at.toISOString())
        next = rule.next(next.at)
        await turn()
      }
    } catch {
      return runs
    }
    return runs
  }

  const toSchedule = async (found: Found, states: States, turn: Turn) => ({
    name: found.name,
    ...shown(found.definition, kinds),
    state: found.state,
    nextRuns: await nextRunsOf(found, turn),
    lastRun: found.lastRun === null ? null : toRun(found.lastRun, states),
    declared: found.declared,
    version: found.version,
    createdAt: found.createdAt.toISOString(),
    updatedAt: found.updatedAt.toISOString(),
  })

  return {
    async runs(runs: readonly Run[]) {
      const states = await statesOf(runs)
      return runs.map((run) => toRun(run, states))
    },

    async schedules(found: readonly Found[], turn: Turn) {
      const states = await statesOf(found.flatMap(({ lastRun }) => lastRun ?? []))
      const resources = []
      for (const one of found) resources.push(await toSchedule(one, states, turn))
      return resources
    },
  }
}

export type Resources = ReturnType<typeof createResources>
