import { Problem } from '../../api/problem.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import type { Kind } from './kind.ts'
import { texts } from './texts.ts'

/** Of a refusal because somebody or something else came first: what happened instead. */
export const useLostRace = (kind: Kind) => {
  const t = useTexts(texts)
  return (problem: unknown): string | null => {
    if (!(problem instanceof Problem)) return null
    const { state } = problem.document
    const states: Record<string, string> = t.lost.states
    if (problem.code === 'too-late') return t.lost.tooLate[kind]
    if (problem.code === 'already-final' && typeof state === 'string')
      return t.lost.final(states[state] ?? state)
    if (problem.code === 'not-final') return t.lost.notFinal
    if (problem.code === 'version-conflict') return t.lost.changed
    return null
  }
}
