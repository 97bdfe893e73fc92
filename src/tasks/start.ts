import { compileBody } from '../http/index.ts'
import { Type } from 'typebox'
import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import type { Tables } from '../platform/tables.ts'
import { createPrepare } from './prepare.ts'
import type { Tasks } from './registry.ts'
import { insertRuns, type NewRun } from './repository-insert.ts'
import { statesOf } from './repository-states.ts'
import { ScheduleBody } from './schema.ts'

type Fields = Readonly<Record<string, unknown>>

/** One time at which a recurring schedule starts something. */
interface Occasion {
  by: By
  scheduleId: string
  target: Fields
  dueAt: Date
}

type StartResult = { id: string } | { skipped: string } | { refused: YeyakError }

const { runAt: _runAt, expiresAt: _expiresAt, ...repeated } = ScheduleBody.properties
const Target = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 100 }), ...repeated },
  { additionalProperties: false },
)
const checkTarget = compileBody(Target)

const belowTask = (error: unknown): unknown =>
  error instanceof YeyakError
    ? new YeyakError(error.code, {
        detail: error.detail,
        members: error.members,
        errors: error.fieldErrors.map((fault) => ({ ...fault, path: `task.${fault.path}` })),
      })
    : error

/** What recurring schedules start of tasks: the member `task` of their bodies, `{ "name", "data", … }`. */
export const createTaskStart = ({ tables, tasks }: { tables: Tables; tasks: Tasks }) => {
  const prepare = createPrepare(tasks)

  const rowOf = ({ by, scheduleId, target, dueAt }: Occasion): NewRun => {
    const { name, ...body } = target
    const row = prepare.row(by, String(name), body, dueAt)
    return { ...row, dueAt, scheduleId, requestedAt: dueAt }
  }

  return {
    kind: 'task',
    item: 'run',
    scope: 'tasks:write' as const,
    schema: Target,
    texts: [] as readonly string[],

    /** Throws what could never be started, with paths that begin at `task`. */
    check(by: By, target: Fields, dueAt: Date): void {
      try {
        checkTarget(target)
        rowOf({ by, scheduleId: '', target, dueAt })
      } catch (error) {
        throw belowTask(error)
      }
    },

    // Nothing of a run is secret.
    seal: (_ownerId: string, target: Fields): Record<string, unknown> => ({ ...target }),
    hide: (target: Fields): Fields => target,
    open: (_ownerId: string, target: Fields): Fields => target,
    needsSealing: (): boolean => false,

    /** In the caller's transaction. What one alone is refused for is its result, and fails no other. */
    async start(tx: Database, occasions: readonly Occasion[], now: Date): Promise<StartResult[]> {
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

    states: (db: Database, ids: readonly string[]) => statesOf(db, tables, ids),
  }
}
