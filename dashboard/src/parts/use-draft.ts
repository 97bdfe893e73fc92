import { useCallback, useEffect, useRef, useState } from 'react'

const PREFIX = 'yeyak.draft.'
const WRITE_MS = 200
const asItIs = <Value>(value: Value): Value => value

/**
 * What somebody is typing, kept in this browser until it is sent or thrown away: a reload, a crash or a session that ended
 * loses none of it. Never for secrets: `kept` leaves them out. Without a name nothing is kept, as where it would be shown
 * later over what others have changed since.
 */
export const useDraft = <Value extends object>(
  name: string | null,
  initial: Value,
  kept: (value: Value) => Value = asItIs,
): [Value, (next: Partial<Value>) => void, () => void] => {
  const [value, setValue] = useState<Value>(() => {
    if (name === null) return initial
    try {
      const stored: unknown = JSON.parse(localStorage.getItem(PREFIX + name) ?? 'null')
      return typeof stored === 'object' && stored !== null ? { ...initial, ...stored } : initial
    } catch {
      return initial
    }
  })
  const [isTouched, setTouched] = useState(false)
  /** Writes what was typed and is not yet kept. */
  const unwritten = useRef<(() => void) | null>(null)
  useEffect(() => {
    if (!isTouched || name === null) return
    const write = () => {
      unwritten.current = null
      try {
        localStorage.setItem(PREFIX + name, JSON.stringify(kept(value)))
      } catch {
        // It stays for as long as the page is open.
      }
    }
    unwritten.current = write
    const timer = setTimeout(write, WRITE_MS)
    window.addEventListener('pagehide', write)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('pagehide', write)
    }
  }, [name, value, isTouched, kept])
  // A form may be left within a moment of the last key.
  useEffect(() => () => unwritten.current?.(), [])
  const change = useCallback((next: Partial<Value>) => {
    setTouched(true)
    setValue((before) => ({ ...before, ...next }))
  }, [])
  const forget = useCallback(() => {
    unwritten.current = null
    setTouched(false)
    setValue(initial)
    if (name === null) return
    try {
      localStorage.removeItem(PREFIX + name)
    } catch {
      // Nothing was kept.
    }
  }, [name, initial])
  return [value, change, forget]
}
