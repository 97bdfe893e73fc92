import { useEffect, useState } from 'react'

const TYPING_MS = 250

/** What was typed, once the typing pauses. */
export const useSettled = <T>(value: T): T => {
  const [settled, setSettled] = useState(value)
  const text = JSON.stringify(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(JSON.parse(text) as T), TYPING_MS)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
