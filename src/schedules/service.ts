import { differences } from '../events/index.ts'
import type { Caller, Idempotency, Once } from '../http/index.ts'
import { type Database, inTransaction, isUniqueViolation } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import type { KeysetPage } from '../platform/keyset.ts'
import { mergePatch } from '../platform/merge-patch.ts'
import type { Startable, Target } from '../delivery/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tables } from '../platform/tables.ts'
import type { Timers } from '../timers/index.ts'
import {
  DEFAULTS,
  type Definition,
  type Given,
  hasSameRule,
  isSameDefinition,
  targetOf,
} from './definition.ts'
import type { Compile } from './compiled.ts'
import { decide, missedData } from './decide.ts'
import { told } from './due.ts'
import { normalize, type Prepare } from './prepare.ts'
import type { Repository, Row, ScheduleSort } from './repository.ts'
import { write } from './repository-write.ts'
import { type EventRow, type NewRun, pendingRun, type Run, type Schedule, type ScheduleState } from './row.ts'
import { isName } from './schema.ts'
import { createTurn } from './walk.ts'

/** The version that a caller has read; `any`: whatever it is; undefined: he has not said. */
export type Expected = number | 'any' | undefined

export interface ServiceOptions {
  db: Database
  tables: Tables
  clock: Pick<Clock, 'now'>
  repository: Repository
  compile: Compile
  kinds: ReadonlyMap<string, Startable>
  prepare: Prepare
  /** Throws what is wrong with the shape of a whole body. */
  validate(body: unknown): void
  once: Once
  timers: Pick<Timers, 'wake'>
}

export type Found = Schedule & { lastRun: Run | null }

/** A request that waits longer than this for another's row is answered so, and may be repeated. */
export const LOCK_TIMEOUT = { lock_timeout: '2s' }
/** Of two who make one of a name, the second finds it there. */
const TRIES = 3

const notFound = () => new YeyakError('not-found')

/** Throws `if-match-required` and `version-conflict`. */
export const checkVersion = ({ version }: Pick<Schedule, 'version'>, expected: Expected): void => {
  if (expected === undefined) throw new YeyakError('if-match-required')
  if (expected !== 'any' && expected !== version)
    throw new YeyakError('version-conflict', { members: { expected, actual: version } })
}

/** What was given, for answers and events: no secret is in it. */
export const shown = (definition: Definition, kinds: ReadonlyMap<string, Startable>): Definition => {
  const found = targetOf(definition, [...kinds.keys()])
  const startable = found === null ? undefined : kinds.get(found.kind)
  return found === null || startable === undefined
    ? definition
    : { ...definition, [found.kind]: startable.hide(found.target) }
}

export type Service = ReturnType<typeof createService>

/** Schedules as people make, change and remove them. Each call is one transaction on the locked row. */
export const createService = (o: ServiceOptions) => {
  const { db, repository, kinds, once } = o
  const names = [...kinds.keys()]

  const find = async (projectId: number, name: string): Promise<Found> => {
    const found = isName(name) ? await repository.find(db, projectId, name) : null
    if (found === null) throw notFound()
    return found
  }

  /** Sealed for the schedule `id`; what reads `hidden` stays as it is stored. */
  const seal = (id: string, definition: Definition, stored: Definition | null): Definition => {
    const found = targetOf(definition, names)
    const startable = found === null ? undefined : kinds.get(found.kind)
    if (found === null || startable === undefined) return definition
    const before = (stored?.[found.kind] ?? {}) as Target
    return { ...definition, [found.kind]: startable.seal(id, found.target, before) }
  }

  /** What is stored, with its secrets, so that it can be held against what was given. */
  const opened = ({ id, definition }: Schedule): Definition | null => {
    const found = targetOf(definition, names)
    const startable = found === null ? undefined : kinds.get(found.kind)
    if (found === null || startable === undefined) return definition
    try {
      return { ...definition, [found.kind]: startable.open(id, found.target) }
    } catch {
      // Whoever lost the key gives it anew.
      return null
    }
  }

  const eventOf = (
    { projectId, actor }: Pick<Caller, 'projectId' | 'actor'>,
    name: string,
    type: string,
    data: object,
  ): EventRow => ({ ...{ projectId, subjectId: name, type, actor }, data: { ...data } })

  const wake = (row: Pick<Row, 'state' | 'nextAt'>): void => {
    if (row.state === 'active' && row.nextAt !== null) o.timers.wake(row.nextAt.getTime())
  }

  const insert = async (
    tx: Database,
    caller: Caller,
    name: string,
    given: Given,
    o2: { id: string; now: Date; declared: boolean },
  ): Promise<Row> => {
    const { id, now, declared } = o2
    const prepared = o.prepare(caller, given, { id, anchorAt: now, now })
    const { startsAt, endsAt, next } = prepared
    const row: Row = {
      ...{ definition: seal(id, prepared.definition, null), startsAt, endsAt, state: 'active', declared },
      ...{ nextOccurrence: next.at, nextAt: next.dueAt },
    }
    const event = eventOf(caller, name, 'schedule.created', { definition: shown(row.definition, kinds) })
    await repository.insert(tx, caller, { ...row, id, name, anchorAt: now }, event)
    return row
  }

  /** Writes what `given` comes to over the locked row. Null where it comes to the same, and nothing is written. */
  const rewrite = async (
    tx: Database,
    caller: Caller,
    before: Schedule & { now: Date },
    given: Given,
    declared: boolean,
  ): Promise<Row | null> => {
    const { id, name, now, anchorAt } = before
    const sealed = seal(id, normalize(given), before.definition)
    // Held against each other opened: what is sealed twice differs.
    const stored = opened(before)
    const after = opened({ ...before, definition: sealed })
    const isSame = stored !== null && after !== null && isSameDefinition(stored, after)
    // Before it is checked: one that is over could not be made anew.
    if (isSame && declared === before.declared) return null
    const prepared = o.prepare(caller, given, { id, anchorAt, now })
    const keepsTime = before.nextOccurrence !== null && hasSameRule(before.definition, prepared.definition)
    const nextOccurrence = keepsTime ? before.nextOccurrence : prepared.next.at
    const isLeft = !keepsTime && before.state === 'active' && before.nextAt !== null && before.nextAt <= now
    const left = isLeft ? await leftBy(before) : { runs: [], events: [] }
    const row: Row = {
      ...{ definition: sealed, declared },
      // A delay counts from when it was first given.
      startsAt: keepsTime ? before.startsAt : prepared.startsAt,
      endsAt: keepsTime ? before.endsAt : prepared.endsAt,
      state: before.state === 'finished' ? 'active' : before.state,
      nextOccurrence,
      nextAt: nextOccurrence && prepared.rule.dueAt(nextOccurrence),
    }
    const data = differences({ ...shown(before.definition, kinds) }, { ...shown(sealed, kinds) })
    await repository.update(tx, caller, id, row, [eventOf(caller, name, 'schedule.updated', data ?? {})])
    await write(tx, o.tables, now, left)
    if (left.runs.length > 0) o.timers.wake(now.getTime())
    return row
  }

  /** What came to its time by the rule that is exchanged now, and that nobody has begun: it is run all the same. */
  const leftBy = async (
    before: Schedule & { now: Date },
  ): Promise<{ runs: NewRun[]; events: EventRow[] }> => {
    const caughtUp = await decide(o.compile, before, { now: before.now, turn: createTurn() }).catch(
      (error: unknown) => {
        // A rule that this version cannot read is exchanged in order to mend it.
        if (error instanceof YeyakError) return { run: [], missed: null, next: null }
        throw error
      },
    )
    const runs = caughtUp.run.map(({ occurrence: { at: occurrenceAt, dueAt }, isMissed }) =>
      pendingRun(before, {
        ...{ id: newId(), occurrenceAt, dueAt, cause: isMissed ? 'missed' : 'schedule', nextAt: dueAt },
      }),
    )
    const missed = missedData(before, caughtUp)
    return { runs, events: missed === null ? [] : [told(before, 'schedule.missed', missed)] }
  }

  const lock = async (tx: Database, { projectId }: Pick<Caller, 'projectId'>, name: string) =>
    isName(name) ? repository.lock(tx, projectId, name) : null

  /** Creates or replaces. Whoever changes nothing need not say which version he has read. */
  const put = async (
    caller: Caller,
    name: string,
    expected: Expected,
    given: Given,
    declared = false,
  ): Promise<'created' | 'replaced' | 'same'> => {
    for (let tries = 1; ; tries += 1) {
      try {
        const done = await inTransaction(db, LOCK_TIMEOUT, async (tx) => {
          const before = await lock(tx, caller, name)
          if (before === null) {
            if (typeof expected === 'number')
              throw new YeyakError('version-conflict', { members: { expected, actual: 0 } })
            const row = await insert(tx, caller, name, given, {
              id: newId(),
              now: await o.clock.now(),
              declared,
            })
            return { how: 'created' as const, row }
          }
          if (typeof expected === 'number') checkVersion(before, expected)
          const row = await rewrite(tx, caller, before, given, declared)
          if (row !== null) checkVersion(before, expected)
          return { how: row === null ? ('same' as const) : ('replaced' as const), row }
        })
        if (done.row !== null) wake(done.row)
        return done.how
      } catch (error) {
        if (!isUniqueViolation(error) || tries === TRIES) throw error
      }
    }
  }

  return {
    find: ({ projectId }: Pick<Caller, 'projectId'>, name: string): Promise<Found> => find(projectId, name),

    list: (
      { projectId }: Pick<Caller, 'projectId'>,
      states: readonly ScheduleState[] | undefined,
      page: KeysetPage & { by: ScheduleSort },
    ): Promise<Found[]> => repository.list(db, projectId, states, page),

    async create(
      caller: Caller,
      { name, ...given }: Given & { name: string },
      idempotency: Idempotency | null,
    ): Promise<{ schedule: Found; replayed: boolean }> {
      const { projectId } = caller
      const { made, replayed } = await once
        .make({ projectId, idempotency, find: (id) => repository.byId(db, id) }, async (commit) => {
          const id = newId()
          const now = await o.clock.now()
          wake(await commit(id, (tx) => insert(tx, caller, name, given, { id, now, declared: false })))
          return find(projectId, name)
        })
        .catch((error: unknown) => {
          throw isUniqueViolation(error) ? new YeyakError('already-exists', { cause: error }) : error
        })
      return { schedule: made, replayed }
    },

    put,

    async patch(caller: Caller, name: string, expected: Expected, patch: object): Promise<Found> {
      const row = await inTransaction(db, LOCK_TIMEOUT, async (tx) => {
        const before = await lock(tx, caller, name)
        if (before === null) throw notFound()
        checkVersion(before, expected)
        // What is left out of a patch is as it was, and what is cleared is as where it is left out.
        const merged = mergePatch(shown(before.definition, kinds), patch) as Given
        const given = withoutDefaults(merged)
        o.validate({ name, ...given })
        return rewrite(tx, caller, before, given, before.declared)
      })
      if (row !== null) wake(row)
      return find(caller.projectId, name)
    },

    async remove(caller: Caller, name: string, expected: Expected): Promise<void> {
      await inTransaction(db, LOCK_TIMEOUT, async (tx) => {
        const before = await lock(tx, caller, name)
        if (before === null) throw notFound()
        checkVersion(before, expected)
        const event = eventOf(caller, name, 'schedule.deleted', {
          definition: shown(before.definition, kinds),
        })
        await repository.remove(tx, before.id, event)
        await once.forget(tx, before.id)
      })
    },
  }
}

/** Of a stored definition, what nobody has given: `null` is no value of a body. */
const withoutDefaults = (merged: Given): Given =>
  Object.fromEntries(
    Object.entries(merged).filter(([name, value]) => value !== null || !Object.hasOwn(DEFAULTS, name)),
  )
