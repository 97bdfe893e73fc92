import type { KeysetPage } from '../platform/keyset.ts'

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
  parent: string | null
}

export interface DeadLetterFilter {
  lanes: readonly string[] | undefined
  /** The code of the last attempt's error, or the reason where there is none. */
  error: string | undefined
}

/** Failures of one kind and one cause: what one bulk call can repair. */
export interface DeadLetterGroup {
  key: string
  kind: string
  count: number
  sample: DeadLetter[]
}

export type GroupBy = 'error' | 'provider'

/** What a feature hands over so that its failures are listed. */
export interface DeadLetterSource {
  /** `notification`. */
  readonly kind: string
  readonly queues: readonly { name: string; lane: string }[]
  /** Ordered by `finishedAt`, then id; of any error. */
  list(projectId: number, filter: Omit<DeadLetterFilter, 'error'>, page: KeysetPage): Promise<DeadLetter[]>
  /** The largest groups of the newest `counted`; `more`: there are more than those. */
  groups(
    projectId: number,
    filter: DeadLetterFilter,
    by: GroupBy,
    o: { counted: number; groups: number; sample: number },
  ): Promise<{ groups: Omit<DeadLetterGroup, 'kind'>[]; more: boolean }>
}

export const GROUPS_LIMIT = 100
export const GROUPED_LIMIT = 100_000
const SAMPLE_LIMIT = 3
/** Nothing finds failures by their error: a page ends where so many have been looked at, some 30 ms. */
const LOOKED_LIMIT = 2_000

/** As sources name it, too, when they count. */
const errorOf = ({ error, reason }: DeadLetter): string => error?.code ?? reason ?? 'unknown'

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
    /** `cut`: after this one nothing was looked at, and there may be more. */
    async list(
      projectId: number,
      filter: Filter,
      page: KeysetPage,
    ): Promise<{ found: DeadLetter[]; cut: DeadLetter | null }> {
      const { error, ...others } = filter
      const limit = error === undefined ? page.limit : LOOKED_LIMIT
      const pages = await Promise.all(
        asked(filter).map((source) => source.list(projectId, others, { ...page, limit })),
      )
      const merged = pages.flat().sort(newestFirst)
      const looked = (page.descending ? merged : merged.toReversed()).slice(0, limit)
      if (error === undefined) return { found: looked, cut: null }
      return {
        found: looked.filter((one) => errorOf(one) === error).slice(0, page.limit),
        cut: looked.length === limit ? (looked.at(-1) ?? null) : null,
      }
    },

    async groups(projectId: number, filter: Filter, by: GroupBy) {
      const limits = { counted: GROUPED_LIMIT, groups: GROUPS_LIMIT, sample: SAMPLE_LIMIT }
      const found = await Promise.all(
        asked(filter).map(async (source) => {
          const { groups, more } = await source.groups(projectId, filter, by, limits)
          return { groups: groups.map((group) => ({ ...group, kind: source.kind })), more }
        }),
      )
      const groups: DeadLetterGroup[] = found.flatMap((one) => one.groups)
      return {
        groups: groups.sort((a, b) => b.count - a.count).slice(0, GROUPS_LIMIT),
        more: found.some(({ more }) => more),
      }
    },
  }
}
