import { queryOptions } from '@tanstack/react-query'
import { send } from '../../api/client.ts'
import { Problem } from '../../api/problem.ts'

/** When something is to recur, as the API takes it. */
export interface Rule {
  cron?: string
  rrule?: string
  timeZone: string
  startsAt?: unknown
  endsAt?: unknown
  exclude?: readonly string[]
  dstGap?: 'next' | 'skip'
  dstOverlap?: 'first' | 'both'
}

export interface PreviewRun {
  at: string
  local: string
  note: 'dst_gap' | 'dst_overlap' | null
}

interface Preview {
  runs: PreviewRun[]
  /** The rule in words, in the language of the page. */
  text: string
}

export const previewQuery = (rule: Rule | null, language: string, count: number) =>
  queryOptions({
    queryKey: ['schedules', 'preview', rule, language, count],
    queryFn: async ({ signal }): Promise<Preview> => {
      const response = await send('post', '/v1/schedules/preview', { body: { ...rule, count }, signal })
      return (await response.json()) as Preview
    },
    enabled: rule !== null,
    // A rule that cannot be read stays so.
    retry: (failures, error) => failures < 2 && error instanceof Problem && error.isPassing,
    staleTime: 30_000,
  })
