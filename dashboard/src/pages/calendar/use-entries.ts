import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useFormat } from '../../i18n/preferences.tsx'
import { countBounds, dayBounds, endsOf, withCounts } from './days.ts'
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
  const isWholeDays = isByDay(view)
  const query = useQuery({
    ...calendarQuery({ from, to }, { kinds, portions, isWholeDays }),
    enabled: from !== '',
  })
  const { data } = query
  const ends = useMemo(() => endsOf(data?.until ?? {}, isWholeDays, timeZone), [data, isWholeDays, timeZone])
  const bounds = useMemo(
    () => countBounds(dayBounds({ from, to }, timeZone), ends),
    [from, to, timeZone, ends],
  )
  const isCut = bounds.length > 1
  const counting = useQuery({ ...countsQuery(bounds), enabled: isCut })

  const shown = useMemo(() => {
    const counts = isCut ? (counting.data ?? []) : []
    return withCounts(data?.entries ?? [], ends, { counts, timeZone })
  }, [data, ends, counting.data, isCut, timeZone])
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
  // A number a day leaves nothing to be read that a day has room for.
  const canReadOn = cut.some(({ isCounted }) => !isCounted || !isWholeDays)
  return { query, entries, cut, canReadOn }
}
