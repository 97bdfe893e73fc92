import { Problem } from '../../api/problem.ts'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { stateTexts } from '../../parts/state-badge.tsx'
import { useAction } from '../../parts/use-action.ts'
import { instantOf, move, type When } from './move.ts'
import type { CalendarData, Entry } from './queries.ts'
import { texts } from './texts.ts'

interface Move {
  entry: Pick<Entry, 'kind' | 'id'>
  at: When
}

/** What became of a move that was refused, in words that say what happened instead. */
const useRefusal = () => {
  const t = useTexts(texts)
  const states: Record<string, string> = useTexts(stateTexts)
  return (problem: unknown): string | null => {
    if (!(problem instanceof Problem)) return null
    const { code, document } = problem
    if (code === 'too-late') return t.tooLate
    if (code === 'release-frozen') return t.ofRelease
    if (code === 'version-conflict') return t.changed
    if (code === 'time-in-past' || code === 'publish-at-not-future') return t.past
    const state = typeof document['state'] === 'string' ? document['state'] : ''
    if (code === 'already-final') return t.final(states[state] ?? state)
    return null
  }
}

const withTime =
  ({ entry, at }: Move) =>
  (before: CalendarData): CalendarData => ({
    ...before,
    entries: before.entries.map((one) =>
      one.kind === entry.kind && one.id === entry.id ? { ...one, at: instantOf(at) } : one,
    ),
  })

/** Gives an entry another time: seen at once, put back where it is refused. A time that is not one is left to the caller. */
export const useMove = (o: { onMoved?: () => void; onUnclear?: (problem: Problem) => void } = {}) => {
  const t = useTexts(texts)
  const format = useFormat()
  const refusal = useRefusal()
  return useAction({
    run: ({ entry: { kind, id }, at }: Move) => move({ kind, id: id ?? '' }, at),
    optimistic: (wanted) => [{ key: ['calendar', 'range'], update: withTime(wanted) }],
    touches: [
      ['calendar', 'range'],
      ['calendar', 'notification'],
      ['calendar', 'publication'],
    ],
    done: (_, { at }) => {
      const instant = instantOf(at)
      return t.moved(format.instant(instant, 'minute'), `${format.timeZone}, ${format.zone(instant)}`)
    },
    refused: (problem) => {
      if (problem instanceof Problem && problem.code === 'ambiguous-local-time') o.onUnclear?.(problem)
      return refusal(problem)
    },
    onDone: () => o.onMoved?.(),
  })
}
