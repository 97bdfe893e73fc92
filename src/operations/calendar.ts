import type { Scope } from '../http/index.ts'
/** Something that is to happen, or did. More of one kind than 200 a minute are one entry: `id` null, `count` how many. */
export interface CalendarEntry {
  at: string
  kind: string
  id: string | null
  title: string
  count: number
}

/** What a feature hands over so that its items are in the calendar. */
export interface CalendarSource {
  /** `notification`. */
  readonly kind: string
  /** Who may see its entries. */
  readonly scope: Scope
  /**
   * Its entries from `from` on, in order. `until`: where it ended before `to`, as it may read no more than `limit` rows;
   * everything before that instant is there.
   */
  entries(
    projectId: number,
    range: { from: Date; to: Date; limit: number; perMinute: number },
  ): Promise<{ entries: CalendarEntry[]; until: Date | null }>
}

/** Rows that a source reads for one answer. */
export const READ_LIMIT = 3_000
const PER_MINUTE = 200

export interface CalendarPage {
  entries: CalendarEntry[]
  /** Everything before this is in it; null: all that was asked for. */
  until: Date | null
}

const inOrder = (a: CalendarEntry, b: CalendarEntry): number =>
  a.at === b.at ? (`${a.kind} ${a.id}` < `${b.kind} ${b.id}` ? -1 : 1) : a.at < b.at ? -1 : 1

/** The items of several features as one calendar. */
export const createCalendar = (sources: readonly CalendarSource[]) => ({
  kinds: sources.map(({ kind }) => kind),

  /** Of the scopes of a reader, those that show him something. */
  scopesOf: (scopes: ReadonlySet<Scope>): Scope[] => [
    ...new Set(sources.map(({ scope }) => scope).filter((scope) => scopes.has(scope))),
  ],

  async read(
    projectId: number,
    {
      from,
      to,
      kinds,
      scopes,
    }: {
      from: Date
      to: Date
      kinds: readonly string[] | undefined
      /** What the reader may see. */
      scopes: ReadonlySet<Scope>
    },
  ): Promise<CalendarPage> {
    const asked = sources.filter(
      ({ kind, scope }) => (kinds === undefined || kinds.includes(kind)) && scopes.has(scope),
    )
    const range = { from, to, limit: READ_LIMIT, perMinute: PER_MINUTE }
    const found = await Promise.all(asked.map((source) => source.entries(projectId, range)))
    const ends = found.flatMap(({ until }) => (until === null ? [] : [until.getTime()]))
    const until = ends.length === 0 ? null : new Date(Math.min(...ends))
    const entries = found.flatMap((one) => one.entries)
    const whole = until === null ? entries : entries.filter(({ at }) => at < until.toISOString())
    return { entries: whole.sort(inOrder), until }
  },
})

export type Calendar = ReturnType<typeof createCalendar>
