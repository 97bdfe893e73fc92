import type { Database } from '../platform/database.ts'
import { type FieldError, YeyakError } from '../platform/errors.ts'
import type { Logger } from '../platform/log.ts'
import type { Tables } from '../platform/tables.ts'
import { createExternalExecute } from './external-execute.ts'
import { checkModels, type ExternalModels, isMapping, laneOfModel } from './external-model.ts'
import { createExternalScheduling, type Open } from './external-scheduling.ts'
import { type ExternalTable, findTable } from './external-table.ts'
import { createCatalog } from './repository-external-catalog.ts'
import { createExternalRepository } from './repository-external.ts'
import { lockRow, type RowOf, settleRow } from './repository-external-row.ts'

export interface ExternalOptions {
  tables: Tables
  models: ExternalModels
  /** Of Yeyak's own, for the catalog. */
  db: Database
  /** Opens a transaction through the application's own client. */
  transaction<Result>(work: (open: Open) => Promise<Result>): Promise<Result>
  /** Where the alarms listen. */
  channel: string
  /** Of whom the rows are: of a project with this name. */
  project: string
}

export interface ExternalTakerOptions {
  log: Logger
  wake(dueMs: number): void
  onStep?: ((step: string) => void) | undefined
}

/**
 * Rows in tables of the application's own. Throws `invalid-request` for models that cannot be right; what only the database
 * knows is found out by `check`, or at the first call.
 */
export const createExternal = ({ tables, models, db, transaction, channel, project }: ExternalOptions) => {
  checkModels(models)
  const catalog = createCatalog(tables)
  const found = new Map<string, Promise<ExternalTable | null>>()
  const origins = new WeakMap<Database, unknown>()

  const look = async (name: string): Promise<ExternalTable | null> => {
    const model = models[name]
    return model !== undefined && isMapping(model) ? findTable(db, catalog, name, model) : null
  }

  /** What was not found may be there the next time. */
  const tableOf = (name: string): Promise<ExternalTable | null> => {
    const known = found.get(name)
    if (known !== undefined) return known
    const looking = look(name)
    found.set(name, looking)
    looking.catch(() => found.delete(name))
    return looking
  }

  const names = Object.keys(models)
  const scheduling = createExternalScheduling({
    ...{ models, tableOf, channel, repository: createExternalRepository(tables) },
  })

  /** Throws `invalid-request` with all faults together. */
  const check = async (): Promise<void> => {
    const errors: FieldError[] = []
    for (const name of names)
      await tableOf(name).catch((error: unknown) => {
        if (!(error instanceof YeyakError)) throw error
        errors.push(...error.fieldErrors)
      })
    if (errors.length > 0) throw new YeyakError('invalid-request', { errors })
  }

  return {
    ...scheduling,
    names,
    lanes: names.map(laneOfModel),
    has: (name: string): boolean => Object.hasOwn(models, name),
    transaction,

    /** Before work is taken: holds every model against the catalog, and installs the triggers of `cancelOnDelete`. */
    async ready(): Promise<void> {
      await check()
      for (const name of names) {
        const model = models[name]
        const table = await tableOf(name)
        if (table === null || model === undefined || !isMapping(model) || model.cancelOnDelete !== true)
          continue
        await catalog.installTrigger(db, table, { project, model: name, id: table.columns.id.name })
      }
    },

    /** Locks a row whose table is mapped; false where it is gone. Rows that callbacks look after are theirs to lock. */
    async hold(tx: Database, { model, id }: { model: string; id: string }): Promise<boolean> {
      const table = await tableOf(model)
      return table === null || (await lockRow(tx, table, id)) !== null
    },

    /** What is pending for a row that the caller holds has changed without the application: its columns say so, too. */
    async settle(tx: Database, row: RowOf): Promise<void> {
      const table = await tableOf(row.model)
      if (table !== null) await settleRow(tx, tables, table, row)
    },

    /** What a worker does with the jobs of these lanes: one in a transaction, of the application's own client. */
    work: ({ log, wake, onStep }: ExternalTakerOptions) => ({
      execute: createExternalExecute({
        ...{ tables, models, tableOf, log, wake, onStep },
        txOf(own) {
          if (!origins.has(own)) throw new Error('a transaction that the application has not opened')
          return origins.get(own)
        },
      }),
      transaction: <Result>(run: (tx: Database) => Promise<Result>): Promise<Result> =>
        transaction((open) => {
          origins.set(open.db, open.tx)
          return run(open.db)
        }),
    }),
  }
}

export type External = ReturnType<typeof createExternal>
