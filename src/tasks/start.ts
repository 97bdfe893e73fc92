import type { Occasion, Startable, StartResult } from '../delivery/index.ts'
import { bodyChecker } from '../http/index.ts'
import { Type } from 'typebox'
import { YeyakError } from '../platform/errors.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Timers } from '../timers/index.ts'
import { tasksElsewhere } from './repository-elsewhere.ts'
import { createPrepare, rowOf } from './prepare.ts'
import type { Tasks } from './registry.ts'
import { insertRuns, type NewRun } from './repository-insert.ts'
import { statesOf } from './repository-states.ts'
import { ScheduleBody } from './schema.ts'

const { runAt: _runAt, expiresAt: _expiresAt, ...repeated } = ScheduleBody.properties
const TargetSchema = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 100 }), ...repeated },
  { additionalProperties: false },
)
const checkTarget = bodyChecker(TargetSchema)

/** What recurring schedules start of tasks: the member `task` of their bodies, `{ "name", "data", … }`. */
export const createTaskStart = ({
  tables,
  tasks,
  timers,
}: {
  tables: Tables
  tasks: Tasks
  timers: Pick<Timers, 'channel'>
}): Startable => {
  const prepare = createPrepare(tasks)
  const nameOf = ({ target }: Occasion) => String(target['name'])

  /** Which worker happens to do what is due says nothing about who has the task. */
  const elsewhereOf = async (tx: Database, occasions: readonly Occasion[]) => {
    const names = new Set(occasions.map(nameOf).filter((name) => tasks.get(name) === undefined))
    return names.size === 0 ? null : tasksElsewhere(tx, tables, [...names])
  }

  return {
    kind: 'task',
    item: 'run',
    scope: 'tasks:write',
    schema: TargetSchema,
    texts: ['data'],

    check(by, target, dueAt) {
      checkTarget(target)
      const { name, ...body } = target
      prepare.row(by, String(name), body, dueAt)
    },

    // Nothing of a run is secret.
    seal: (_ownerId, target) => target,
    hide: (target) => target,
    open: (_ownerId, target) => target,
    needsSealing: () => false,

    /** In the caller's transaction. What one alone is refused for is its result, and fails no other. */
    async start(tx, occasions, { now }): Promise<StartResult[]> {
      const elsewhere = await elsewhereOf(tx, occasions)
      const rows = occasions.map((occasion): NewRun | YeyakError => {
        const { by, scheduleId, target, dueAt } = occasion
        const { name: _name, ...body } = target
        const name = nameOf(occasion)
        try {
          const row =
            elsewhere === null || tasks.get(name) !== undefined
              ? prepare.row(by, name, body, dueAt)
              : rowOf(elsewhere(name), by, body, dueAt)
          return { ...row, dueAt, scheduleId, requestedAt: now }
        } catch (error) {
          if (error instanceof YeyakError) return error
          throw error
        }
      })
      const good = rows.filter((row): row is NewRun => !(row instanceof YeyakError))
      // What this process does not take itself, the others have to hear of.
      const channel = elsewhere === null ? null : timers.channel
      const written =
        good.length === 0 ? new Set<string>() : (await insertRuns(tx, tables, good, channel)).written
      return rows.map((row) => {
        if (row instanceof YeyakError) return { refused: row }
        return written.has(row.id) ? { id: row.id } : { skipped: 'duplicate' }
      })
    },

    states: (db, ids) => statesOf(db, tables, ids),
  }
}
