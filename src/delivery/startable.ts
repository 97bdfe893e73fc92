import type { TSchema } from 'typebox'
import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import type { YeyakError } from '../platform/errors.ts'

/** What is to be started, as a schedule says it. */
export type Target = Readonly<Record<string, unknown>>

/** One time at which something is to be started: what, for whom, and when it is due. */
export interface Occasion {
  by: By
  /** The name of the schedule: what is started bears it. */
  scheduleId: string
  /** With its secrets opened and its texts filled in. */
  target: Target
  dueAt: Date
}

/** What was started; why nothing was to be done; why it can never be; or that somebody else holds what it is about. */
export type StartResult = { id: string } | { skipped: string } | { refused: YeyakError } | { held: true }

export interface ItemState {
  state: string
  isFinal: boolean
}

/** A kind of thing that a recurring schedule can start. The features that have one hand it over; none knows the schedules. */
export interface Startable {
  /** Names the member of a schedule's body: `notification`. */
  readonly kind: string
  /** What it starts, as answers name it: `notification`, `publication`. */
  readonly item: string
  /** What whoever makes such a schedule must be allowed as well. */
  readonly scope: 'notifications:write' | 'content:publish' | 'tasks:write'
  /** Of that member. */
  readonly schema: TSchema
  /** Its members whose texts may have `{{ occurrence.at }}` in them. */
  readonly texts: readonly string[]
  /** Throws a YeyakError, with paths that begin at the member, for what could never be started; `dueAt`: when it might be due. */
  check(by: By, target: Target, dueAt: Date): void
  /** As it is stored for the schedule `ownerId`. What still reads as `hide` shows it is kept from `stored`. */
  seal(ownerId: string, target: Target, stored: Target): Target
  /** What was sealed, without its secrets. */
  hide(target: Target): Target
  /** What was sealed, as it was given. Throws where a secret cannot be opened. */
  open(ownerId: string, target: Target): Target
  /** Whether it has a secret that is not sealed, or not with the first key. */
  needsSealing(target: Target): boolean
  /**
   * Starts them in the caller's transaction, with their timers and events; the results are in the order of `occasions`. What
   * one alone is refused for fails no other; an error of the database fails all. Waits for locks only where `alone`.
   */
  start(
    tx: Database,
    occasions: readonly Occasion[],
    o: { now: Date; alone: boolean },
  ): Promise<readonly StartResult[]>
  /** How those stand that it has started; what is gone is not among them. */
  states(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, ItemState>>
}
