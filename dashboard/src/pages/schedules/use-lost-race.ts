import { Problem } from '../../api/problem.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { texts } from './texts.ts'

/** Of a refusal because somebody came first: what happened instead. */
export const useLostRace = () => {
  const t = useTexts(texts)
  return (problem: unknown): string | null => {
    if (!(problem instanceof Problem)) return null
    if (problem.code === 'version-conflict') return t.changed
    return problem.code === 'already-final' ? t.final : null
  }
}
