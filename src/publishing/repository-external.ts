import { type RawBuilder, sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { ExternalTable } from './external-table.ts'
import { createTexts, type Deed, lockIfThereText, lockText } from './repository-external-texts.ts'

/** A publication that is to be planted. */
export interface WantedRow {
  id: string
  action: 'publish' | 'unpublish'
  due: Date
  given: unknown
  maxLateSeconds: number | null
}

/** What all statements are given. */
export interface OfRow {
  projectId: number
  model: string
  id: string
  locale: string
  lane: string
  actor: Actor
}

export interface ScheduleAnswer {
  /** The first that is not in the future; then nothing was written. */
  late: 'publish' | 'unpublish' | null
  /** An end alone was wanted of what is not live; then nothing was written. */
  notLive: boolean
}

export interface CancelAnswer {
  canceled: number
  /** The state of the last one there was; null where there was none. */
  last: string | null
}

interface Texts {
  first: string
  second: string
}

/**
 * Writes in the application's own transaction, one round trip each: a function of the database locks the row by a first
 * statement and changes what is pending by a second one, which sees all that was committed before the lock was had.
 */
export const createExternalRepository = (t: Tables) => {
  const texts = createTexts(t)
  const inTurn = sql.id(t.schema, 'in_turn')
  const compiled = new Map<string, Texts>()

  const compile = (db: Database, part: RawBuilder<unknown>): string => {
    const query = part.compile(db)
    if (query.parameters.length > 0) throw new Error('these texts have one parameter, which is given by name')
    return query.sql
  }

  const textsOf = (db: Database, deed: Deed, model: string, table: ExternalTable | null): Texts => {
    const name = `${deed} ${model}`
    const known = compiled.get(name)
    if (known !== undefined) return known
    const made = {
      first: compile(db, deed === 'cancel' ? lockIfThereText(table) : lockText(table)),
      second: compile(db, texts[deed](table)),
    }
    compiled.set(name, made)
    return made
  }

  /** Null where the row is not there. */
  const run = async <Answer>(
    db: Database,
    deed: Deed,
    table: ExternalTable | null,
    values: OfRow & Readonly<Record<string, unknown>>,
  ): Promise<Answer | null> => {
    const { first, second } = textsOf(db, deed, values.model, table)
    const { rows } = await sql<{ answer: string | null }>`
      select ${inTurn}(${first}::text, ${second}::text, ${JSON.stringify(values)}::text::jsonb)::text as answer`.execute(
      db,
    )
    const answer = rows[0]?.answer
    return typeof answer === 'string' ? (JSON.parse(answer) as Answer) : null
  }

  return {
    /** Replaces what is pending. `channel`: where the alarms listen. */
    schedule: (
      db: Database,
      table: ExternalTable | null,
      row: OfRow,
      wanted: readonly WantedRow[],
      channel: string,
    ) => run<ScheduleAnswer>(db, 'schedule', table, { ...row, wanted, channel }),

    /** Also of a row that is gone. */
    cancel: (db: Database, table: ExternalTable | null, row: OfRow) =>
      run<CancelAnswer>(db, 'cancel', table, { ...row }),

    /** At once; leaves nothing pending. What went live, or ceased to, is told under `publicationId`. */
    act: (
      db: Database,
      table: ExternalTable | null,
      row: OfRow,
      action: 'publish' | 'unpublish',
      publicationId: string,
    ) => run<{ atMs: number }>(db, action, table, { ...row, publicationId }),
  }
}
