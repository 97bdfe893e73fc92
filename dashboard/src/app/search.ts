import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'

/** The query of an address as plain texts: `?state=failed,expired`, as the API takes it. A name without a value is not there. */
export type Search = Readonly<Record<string, string>>

export const parseSearch = (text: string): Search => Object.fromEntries(new URLSearchParams(text))

export const writeSearch = (search: Record<string, unknown>): string => {
  const given = Object.entries(search).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
  )
  const text = new URLSearchParams(given).toString().replaceAll('%2C', ',').replaceAll('%3A', ':')
  return text === '' ? '' : `?${text}`
}

/** Those of the names that an address gives a value to. */
export const givenOf = (names: readonly string[], search: Search): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = search[name]
      return value === undefined || value === '' ? [] : [[name, value]]
    }),
  )

/** What a view is filtered by stands in its address: to be sent to somebody, kept, and gone back to. */
export const useSearchState = (): [Search, (next: Record<string, string | undefined>) => void] => {
  const search: Search = useSearch({ strict: false })
  const navigate = useNavigate()
  const change = useCallback(
    (next: Record<string, string | undefined>) => {
      void navigate({
        to: '.',
        search: (before: Search) => ({ ...before, ...next }),
        replace: true,
        resetScroll: false,
      })
    },
    [navigate],
  )
  return [search, change]
}

/** A variable part of the address, such as the id of what a page shows. */
export const useParameter = (name: string): string => {
  const parameters: Readonly<Record<string, string>> = useParams({ strict: false })
  return parameters[name] ?? ''
}
