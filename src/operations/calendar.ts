import type { Scope } from '../http/index.ts'
/** Something that is to happen, or did. More of one kind than 200 a minute are one entry: `id` null, `count` how many. */
export interface CalendarEntry {
  at: string
  kind: string
  id: string | null
  title: string
  count: number
}

/** How many are due between two instants. */
export interface CalendarCount {
  from: Date
  to: Date
  count: number
  /** There may be more: counted was as far as may be read. */
  isCut: boolean
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
  /** Between each two neighbours in `bounds`, reading no more than `limit` rows of each. Absent: they cannot be counted. */
  counts?(projectId: number, o: { bounds: readonly Date[]; limit: number }): Promise<readonly CalendarCount[]>
}

/** The longest range that may be asked for. */
export const MAX_DAYS = 400
/** Rows that a source reads for one answer. */
export const READ_LIMIT = 3_000
const PER_MINUTE = 200
/** Rows of a kind that are counted between two instants. 42 days of as many take some 60 ms. */
export const COUNT_LIMIT = 1_000

/** Whose calendar is read. */
export interface CalendarReader {
  kinds: readonly string[] | undefined
  /** What the reader may see. */
  scopes: ReadonlySet<Scope>
}

export interface CalendarPage {
  entries: CalendarEntry[]
  /** Everything before this is in it; null: all that was asked for. */
  until: Date | null
}

const inOrder = (a: CalendarEntry, b: CalendarEntry): number =>
  a.at === b.at ? (`${a.kind} ${a.id}` < `${b.kind} ${b.id}` ? -1 : 1) : a.at < b.at ? -1 : 1

/** The items of several features as one calendar. */
export const createCalendar = (sources: readonly CalendarSource[]) => {
  const shownTo = ({ kinds, scopes }: CalendarReader) =>
    sources.filter(({ kind, scope }) => (kinds === undefined || kinds.includes(kind)) && scopes.has(scope))

  return {
    kinds: sources.map(({ kind }) => kind),

    /** Of the scopes of a reader, those that show him something. */
    scopesOf: (scopes: ReadonlySet<Scope>): Scope[] => [
      ...new Set(sources.map(({ scope }) => scope).filter((scope) => scopes.has(scope))),
    ],

    async read(
      projectId: number,
      { from, to, ...reader }: CalendarReader & { from: Date; to: Date },
    ): Promise<CalendarPage> {
      const range = { from, to, limit: READ_LIMIT, perMinute: PER_MINUTE }
      const found = await Promise.all(shownTo(reader).map((source) => source.entries(projectId, range)))
      const ends = found.flatMap(({ until }) => (until === null ? [] : [until.getTime()]))
      const until = ends.length === 0 ? null : new Date(Math.min(...ends))
      const entries = found.flatMap((one) => one.entries)
      const whole = until === null ? entries : entries.filter(({ at }) => at < until.toISOString())
      return { entries: whole.sort(inOrder), until }
    },

    /** In the order of the bounds, kind by kind; where nothing is due there is no count. */
    async counts(projectId: number, { bounds, ...reader }: CalendarReader & { bounds: readonly Date[] }) {
      const found = await Promise.all(
        shownTo(reader).map(async ({ kind, counts }) => {
          const counted = (await counts?.(projectId, { bounds, limit: COUNT_LIMIT })) ?? []
          return counted.filter(({ count, isCut }) => count > 0 || isCut).map((one) => ({ ...one, kind }))
        }),
      )
      return found.flat()
    },
  }
}

export type Calendar = ReturnType<typeof createCalendar>
