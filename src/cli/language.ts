import type { Language } from '../platform/errors.ts'

/** Of the settings that POSIX knows for the language of messages, the first that is set decides. */
const SETTINGS = ['LC_ALL', 'LC_MESSAGES', 'LANG'] as const

/** Korean where the locale says so (`ko`, `ko_KR.UTF-8`, `ko-KR`), else English. */
export const languageOf = (env: Readonly<Record<string, string | undefined>>): Language => {
  const locale = SETTINGS.map((name) => env[name]).find((value) => value !== undefined && value !== '') ?? ''
  return /^ko(?![a-z])/iu.test(locale) ? 'ko' : 'en'
}
