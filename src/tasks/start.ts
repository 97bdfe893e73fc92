import type { Occasion, Startable, StartResult } from '../delivery/index.ts'
import { bodyChecker } from '../http/index.ts'
import { Type } from 'typebox'
import { YeyakError } from '../platform/errors.ts'
import type { Tables } from '../platform/tables.ts'
import { createPrepare } from './prepare.ts'
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
export const createTaskStart = ({ tables, tasks }: { tables: Tables; tasks: Tasks }): Startable => {
  const prepare = createPrepare(tasks)

  const rowOf = ({ by, scheduleId, target, dueAt }: Occasion): NewRun => {
    const { name, ...body } = target
    const row = prepare.row(by, String(name), body, dueAt)
    return { ...row, dueAt, scheduleId, requestedAt: dueAt }
  }

  return {
    kind: 'task',
    item: 'run',
    scope: 'tasks:write',
    schema: TargetSchema,
    texts: ['data'],

    check(by, target, dueAt) {
      checkTarget(target)
      rowOf({ by, scheduleId: '', target, dueAt })
    },

    // Nothing of a run is secret.
    seal: (_ownerId, target) => target,
    hide: (target) => target,
    open: (_ownerId, target) => target,
    needsSealing: () => false,

    /** In the caller's transaction. What one alone is refused for is its result, and fails no other. */
    async start(tx, occasions, { now }): Promise<StartResult[]> {
      const rows = occasions.map((occasion): NewRun | YeyakError => {
        try {
          return { ...rowOf(occasion), requestedAt: now }
        } catch (error) {
          if (error instanceof YeyakError) return error
          throw error
        }
      })
      const good = rows.filter((row): row is NewRun => !(row instanceof YeyakError))
      const written = good.length === 0 ? new Set<string>() : (await insertRuns(tx, tables, good)).written
      return rows.map((row) => {
        if (row instanceof YeyakError) return { refused: row }
        return written.has(row.id) ? { id: row.id } : { skipped: 'duplicate' }
      })
    },

    states: (db, ids) => statesOf(db, tables, ids),
  }
}
