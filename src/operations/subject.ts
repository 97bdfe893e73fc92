import type { TProperties, TSchema } from 'typebox'
import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import type { ProblemCode } from '../platform/problems.ts'
import type { Refusal, Refusals } from '../platform/refusal.ts'

export type Fields = Readonly<Record<string, unknown>>

/**
 * What a bulk call asks for. `options` are as `prepare` made them, and survive JSON; of a dry run as they were given. Their
 * `patch` is forgotten once the operation has ended, as it may say what nobody but a recipient should know; the names in
 * `patched` are not.
 */
export interface Scope extends By {
  kind: string
  filter: Fields
  options: Fields
}

export interface Match {
  id: string
  /** It must not share a transaction with others: it may wait for a unique key, and two such waits can be a deadlock. */
  alone: boolean
}

export interface Window {
  /** What was created later is left out: an operation must come to an end. */
  until: Date | null
  /** The last id that was looked at. */
  after: string | null
  limit: number
}

export interface Changed {
  changed: number
  /** What had begun, so that the change came too late. */
  tooLate: number
  /** What does not bear the edit; left out where nothing is edited. */
  refused?: Refusals
  /** The earliest due instant that was planted and is near, in milliseconds since 1970. */
  wakeMs: number | null
}

export interface Preview {
  matched: number
  sample: unknown[]
  /** Of the sample, those that do not bear the edit; left out where nothing is edited. */
  refusals?: readonly Refusal[]
}

/** One kind of change, as its route describes it. */
export interface BulkKind {
  summary: string
  /** What the body takes beside the filter. */
  options: TProperties
  problems: readonly ProblemCode[]
}

/**
 * What a feature hands over so that its items can be changed in bulk. `change` and `restore` decide each item under its
 * own lock, which they take in the order of the ids, in the caller's transaction.
 */
export interface BulkSubject {
  /** Folder, path and tag: `notifications`. */
  readonly name: string
  /** One item, as samples show it. */
  readonly item: TSchema
  /** Those of the list, with the same names. */
  readonly filters: TProperties
  readonly kinds: Readonly<Record<string, BulkKind>>
  /** Throws `invalid-request`, with paths below `filter`, for what the schema lets through. */
  check(filter: Fields): void
  /** Resolves the options of a call when it is taken up. What must happen before anything is matched happens here. */
  prepare(by: By, kind: string, filter: Fields, given: Fields): Promise<Fields>
  /** Counts up to `limit`, and shows the first few, edited where they shall be. Changes nothing. */
  preview(scope: Scope, limit: number, sample: number): Promise<Preview>
  /** What matches, in the order of the ids. */
  match(scope: Scope, window: Window): Promise<Match[]>
  /** How many one transaction may change, where that is fewer than usual: what it locks, others wait for. */
  chunk?(scope: Scope): number
  /** With an operation's id, what it changed is kept for `restore`. */
  change(tx: Database, scope: Scope, ids: readonly string[], operationId: string | null): Promise<Changed>
  /** What the operation changed, in the order of the ids. */
  matchChanged(operationId: string, window: Window): Promise<Match[]>
  /** Changes back what the operation changed and nobody has changed since. */
  restore(tx: Database, by: By, ids: readonly string[], operationId: string): Promise<Changed>
  /** Takes back what `prepare` did. */
  lift(by: By, options: Fields): Promise<void>
  /** After the commit of a change with `wakeMs`. */
  wake(dueMs: number): void
}
