export const LANGUAGES = ['en', 'ko'] as const
export type Language = (typeof LANGUAGES)[number]

/** The same members, with texts, or functions that make texts of the same arguments. */
export type Like<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...args: infer Args) => string
      ? (...args: Args) => string
      : Like<T[K]>
}

export interface Texts<T> {
  en: T
  ko: Like<T>
}

/** The texts of a page or a part, beside it: a text that one language lacks is a type error. */
export const defineTexts = <T>(en: T, ko: Like<T>): Texts<T> => ({ en, ko })

/** The browser's language, where it is one of ours. */
export const preferredLanguage = (wanted: readonly string[]): Language => {
  for (const tag of wanted) {
    const found = LANGUAGES.find((language) => tag.toLowerCase().split('-')[0] === language)
    if (found !== undefined) return found
  }
  return 'en'
}
