/** Something pending that was given as a wall clock. Instants are the stored ones. */
export interface Waiting {
  id: string
  /** For people: `Good morning`, `publish story:cl_123`. */
  title: string
  generation: number
  /** Null where its due instant does not move any more, as it has begun. */
  given: unknown
  dueAt: Date
  expiresGiven?: unknown
  expiresAt?: Date | null
}

/** Where it is moved to. */
export interface Move {
  id: string
  generation: number
  dueAt: Date
  expiresAt: Date | null
  before: { dueAt: Date; expiresAt: Date | null }
}

export interface Moves {
  /** Ids of what was moved. What has changed meanwhile is not among them: whoever changed it has resolved it anew. */
  moved: string[]
  /** Ids of what somebody else holds: each is tried again alone. */
  held: string[]
  /** The earliest that is due soon, in milliseconds since 1970. */
  wakeMs: number | null
}

/** The last one of a page. */
export interface Position {
  dueAt: Date
  id: string
}

/**
 * What a feature hands over so that its pending wall-clock times are resolved again: `notification`, `publication`,
 * `release`. It neither reads nor moves what has begun.
 */
export interface Rederiver {
  readonly kind: string
  /** What is pending and bears a wall clock, by its due instant, then its id: up to `limit` after a position. */
  read(after: Position | null, limit: number): Promise<Waiting[]>
  /** Moves them, each under its own lock, with an event and its timer, in one transaction. `alone`: one, that may wait. */
  move(moves: readonly Move[], alone: boolean): Promise<Moves>
}

/** A time that has moved, or would. */
export interface Moved {
  kind: string
  id: string
  title: string
  timeZone: string
  local: string
  before: string
  after: string
}

/** Of an event that tells of it. */
export const ZONE_RULES = 'zone_rules'
/** What is later by this than its time and still waits is looked at, too: no rule moves a clock by more. */
export const LOOK_BACK_HOURS = 26
