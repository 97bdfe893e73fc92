import type { Database } from '../../platform/database.ts'
import type { Tables } from '../../platform/tables.ts'
import type { Finding } from './finding.ts'

export interface Period {
  fromMs: number
  toMs: number
}

export interface VerifyContext {
  db: Database
  tables: Tables
  /** The schema of pg-boss. */
  queueSchema: string
  projectIds: readonly number[]
  period: Period
  /** Begun later than this after its time is late. */
  lateMs: number
  /** History before that may have been removed by the retention; -Infinity where everything is kept. */
  keptSinceMs: number
  report(findings: readonly Finding[]): void
}

/** How much was looked at, by name: `notifications`, `attempts`. */
export type Looked = Readonly<Record<string, number>>

/** One kind of accepted things, with all that can be checked about it. */
export interface Source {
  /** Reads what falls into the period, a page at a time, and reports what is wrong with it. */
  verify(context: VerifyContext): Promise<Looked>
}
