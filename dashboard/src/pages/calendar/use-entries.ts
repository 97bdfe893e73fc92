import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useFormat } from '../../i18n/preferences.tsx'
import { dayBounds, withCounts } from './days.ts'
import { gather, isByDay, type View } from './gather.ts'
import { calendarQuery, countsQuery, isKind, type Kind, KINDS, type Range } from './queries.ts'

/** A kind of which not all is listed. */
export interface Cut {
  kind: Kind
  /** Everything before that instant is listed. */
  until: string
  /** What is due from then on is there as a number a day. */
  isCounted: boolean
}

/** What is on the calendar in a range: listed as far as that goes, and counted from there. */
export const useEntries = (
  { from, to }: Range,
  { view, kinds, portions }: { view: View; kinds: readonly Kind[]; portions: number },
) => {
  const { timeZone } = useFormat()
  const isCounted = isByDay(view)
  const query = useQuery({
    ...calendarQuery({ from, to }, { kinds, portions, isCounted }),
    enabled: from !== '',
  })
  const { data } = query
  const isCut = data !== undefined && Object.keys(data.until).length > 0
  const bounds = useMemo(() => dayBounds({ from, to }, timeZone), [from, to, timeZone])
  const counting = useQuery({ ...countsQuery(bounds), enabled: isCut && isCounted })

  const shown = useMemo(() => {
    const counts = isCut && isCounted ? (counting.data ?? []) : []
    return withCounts(data ?? { entries: [], until: {} }, counts, timeZone)
  }, [data, counting.data, isCut, isCounted, timeZone])
  const entries = useMemo(() => {
    const isWanted = ({ kind }: { kind: string }) => isKind(kind) && kinds.includes(kind)
    return [...gather(shown.listed.filter(isWanted), view, timeZone), ...shown.sums.filter(isWanted)]
  }, [shown, kinds, view, timeZone])
  const cut = KINDS.flatMap((kind): Cut[] => {
    const until = data?.until[kind]
    if (until === undefined || !kinds.includes(kind)) return []
    const end = shown.ends.get(kind)
    return [{ kind, until: end ?? until, isCounted: end !== undefined }]
  })
  return { query, entries, cut }
}
