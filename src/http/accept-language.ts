import type { Language } from '../platform/errors.ts'

/** Which language a list of languages asks for: Korean where it is preferred to English, else English. */
export function languageOf(acceptLanguage: string | undefined): Language {
  if (acceptLanguage === undefined) return 'en'
  const wishes = acceptLanguage.slice(0, 1000).split(',').map(readWish)
  return wishFor('ko', wishes) > wishFor('en', wishes) ? 'ko' : 'en'
}

interface Wish {
  range: string
  weight: number
}

function readWish(part: string, index: number): Wish {
  const [range = '', ...parameters] = part
    .trim()
    .toLowerCase()
    .split(/\s*;\s*/u)
  const q = parameters.find((p) => p.startsWith('q='))
  const weight = q === undefined ? 1 : Number(q.slice(2))
  if (!(weight >= 0 && weight <= 1)) return { range, weight: 0 }
  // Of two with the same weight the one named first wins, which is how people read their browser's list.
  return { range, weight: weight === 0 ? 0 : weight - index * 1e-6 }
}

function wishFor(language: Language, wishes: readonly Wish[]): number {
  const named = wishes.filter(({ range }) => range === language || range.startsWith(`${language}-`))
  if (named.length > 0) return Math.max(...named.map(({ weight }) => weight))
  // `*` matches both alike, so it never outweighs English, the default.
  return wishes.find(({ range }) => range === '*')?.weight ?? 0
}
