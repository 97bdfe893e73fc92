import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react'
import { speak } from '../api/client.ts'
import { createFormat, type Format } from './format.ts'
import { type Language, LANGUAGES, preferredLanguage, type Texts } from './texts.ts'

interface Preferences {
  language: Language
  timeZone: string
  /** Whether single letters are commands: some people speak or shake their input. */
  hasShortcuts: boolean
  format: Format
  change(next: Partial<Pick<Preferences, 'language' | 'timeZone' | 'hasShortcuts'>>): void
}

const STORED = 'yeyak.preferences'

const stored = (): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(STORED) ?? '{}')
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone

const isZone = (zone: unknown): zone is string => {
  try {
    return typeof zone === 'string' && new Intl.DateTimeFormat('en', { timeZone: zone }).format(0) !== ''
  } catch {
    return false
  }
}

const initial = () => {
  const { language, timeZone, hasShortcuts } = stored()
  return {
    language: LANGUAGES.find((one) => one === language) ?? preferredLanguage(navigator.languages),
    timeZone: isZone(timeZone) ? timeZone : browserZone(),
    hasShortcuts: hasShortcuts !== false,
  }
}

const Context = createContext<Preferences | null>(null)

/** Language, time zone and keys, as chosen in this browser. */
export const PreferencesProvider = ({ children }: { children: ReactNode }) => {
  const [chosen, setChosen] = useState(initial)
  speak(chosen.language)
  useEffect(() => {
    document.documentElement.lang = chosen.language
  }, [chosen.language])
  const value = useMemo(
    () => ({
      ...chosen,
      format: createFormat(chosen.language, chosen.timeZone),
      change: (next: Partial<typeof chosen>) => {
        const all = { ...chosen, ...next }
        setChosen(all)
        try {
          localStorage.setItem(STORED, JSON.stringify({ ...stored(), ...next }))
        } catch {
          // Chosen for as long as the page is open.
        }
      },
    }),
    [chosen],
  )
  return <Context value={value}>{children}</Context>
}

export const usePreferences = (): Preferences => {
  const value = use(Context)
  if (value === null) throw new Error('outside of PreferencesProvider')
  return value
}

export const useFormat = (): Format => usePreferences().format

/** The texts in the language of the page. */
export const useTexts = <T,>(texts: Texts<T>): T => texts[usePreferences().language] as T
