import { useCallback, useState } from 'react'

/** A text with secrets in it, kept in this tab alone, and only until it is closed: there a reload loses nothing. */
export const useTabText = (name: string): [string, (next: string) => void] => {
  const key = `yeyak.draft.${name}`
  const [text, setText] = useState(() => {
    try {
      return sessionStorage.getItem(key) ?? ''
    } catch {
      return ''
    }
  })
  const change = useCallback(
    (next: string) => {
      setText(next)
      try {
        if (next === '') sessionStorage.removeItem(key)
        else sessionStorage.setItem(key, next)
      } catch {
        // It stays for as long as the page is open.
      }
    },
    [key],
  )
  return [text, change]
}
