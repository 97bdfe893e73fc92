import { Problem } from '../api/problem.ts'
import { useTexts } from '../i18n/preferences.tsx'
import { defineTexts } from '../i18n/texts.ts'

interface FieldError {
  path: string
  message: string
  suggestion?: string
}

const isAt = (path: string, field: string): boolean =>
  path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`)

/** Those of a refusal that belong to a field, or to something within it. */
const errorsAt = (problem: unknown, field: string): FieldError[] =>
  problem instanceof Problem ? (problem.document.errors ?? []).filter(({ path }) => isAt(path, field)) : []

/** What a refusal says of a field of its body, to be shown at it. `within`: where the form stands in the body. */
export const useFieldErrors = (problem: unknown, within = '') => {
  const t = useTexts(texts)
  return (...fields: string[]): string | undefined => {
    const found = fields.flatMap((field) => errorsAt(problem, within + field))
    if (found.length === 0) return undefined
    return found
      .map(({ message, suggestion }) =>
        suggestion === undefined ? message : `${message} ${t.perhaps(suggestion)}`,
      )
      .join(' ')
  }
}

export type ErrorOf = ReturnType<typeof useFieldErrors>

const texts = defineTexts(
  { perhaps: (suggestion: string) => `Perhaps: ${suggestion}` },
  { perhaps: (suggestion) => `혹시: ${suggestion}` },
)
