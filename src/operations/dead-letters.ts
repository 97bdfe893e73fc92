/** Something that has failed for good, as the feature that owns it shows it. Instants are texts. */
export interface DeadLetter {
  kind: string
  id: string
  queue: string
  state: 'failed'
  reason: string | null
  error: { code: string; message: string } | null
  provider: string | null
  to: unknown
  title: string
  tags: readonly string[]
  groupKey: string | null
  attemptCount: number
  dueAt: string
  finishedAt: string
  version: number
}

export interface DeadLetterFilter {
  lanes: readonly string[] | undefined
  /** The code of the last attempt's error, or the reason where there is none. */
  error: string | undefined
}

export interface DeadLetterPage {
  descending: boolean
  after: { key: string; id: string } | null
  limit: number
}

export interface DeadLetterGroup {
  key: string
  count: number
  sample: DeadLetter[]
}

export type GroupBy = 'error' | 'provider'

/** What a feature hands over so that its failures are listed. */
export interface DeadLetterSource {
  /** `notification`. */
  readonly kind: string
  readonly queues: readonly { name: string; lane: string }[]
  /** Ordered by `finishedAt`, then id. */
  list(projectId: number, filter: DeadLetterFilter, page: DeadLetterPage): Promise<DeadLetter[]>
  /** The largest groups of the newest `counted`; `more`: there are more than those. */
  groups(
    projectId: number,
    filter: DeadLetterFilter,
    by: GroupBy,
    o: { counted: number; groups: number; sample: number },
  ): Promise<{ groups: DeadLetterGroup[]; more: boolean }>
}

export const GROUPS_LIMIT = 100
export const GROUPED_LIMIT = 100_000
const SAMPLE_LIMIT = 3

const position = ({ finishedAt, id }: DeadLetter): string => `${finishedAt} ${id}`

const newestFirst = (a: DeadLetter, b: DeadLetter): number => (position(a) < position(b) ? 1 : -1)

/** The failures of several features as one list. */
export const createDeadLetters = (sources: readonly DeadLetterSource[]) => {
  type Filter = DeadLetterFilter & { kinds: readonly string[] | undefined }

  const asked = ({ kinds, lanes }: Filter): DeadLetterSource[] =>
    sources.filter(
      (source) =>
        (kinds === undefined || kinds.includes(source.kind)) &&
        (lanes === undefined || source.queues.some(({ lane }) => lanes.includes(lane))),
    )

  return {
    async list(projectId: number, filter: Filter, page: DeadLetterPage): Promise<DeadLetter[]> {
      const pages = await Promise.all(asked(filter).map((source) => source.list(projectId, filter, page)))
      const merged = pages.flat().sort(newestFirst)
      return (page.descending ? merged : merged.toReversed()).slice(0, page.limit)
    },

    async groups(projectId: number, filter: Filter, by: GroupBy) {
      const limits = { counted: GROUPED_LIMIT, groups: GROUPS_LIMIT, sample: SAMPLE_LIMIT }
      const found = await Promise.all(
        asked(filter).map((source) => source.groups(projectId, filter, by, limits)),
      )
      const byKey = Map.groupBy(
        found.flatMap(({ groups }) => groups),
        ({ key }) => key,
      )
      const groups = [...byKey].map(([key, parts]) => ({
        key,
        count: parts.reduce((sum, { count }) => sum + count, 0),
        sample: parts
          .flatMap(({ sample }) => sample)
          .sort(newestFirst)
          .slice(0, SAMPLE_LIMIT),
      }))
      return {
        groups: groups.sort((a, b) => b.count - a.count).slice(0, GROUPS_LIMIT),
        more: found.some(({ more }) => more),
      }
    },
  }
}
