import { useEffect, useRef, useState } from 'react'

const TYPING_MS = 350
/** Until its year is typed, a field for a time tells of the year 2, 20 and 202. */
const HAS_YEAR = /^[1-9]\d{3}-/u

/** The text of a field for a date and a time, once it is whole. */
export const wholeLocal = (text: string): string | null => (HAS_YEAR.test(text) ? text : null)

interface Typed {
  /** As the address has it. */
  given: string
  /** What is meant by what is typed; null while that is nothing yet, as a date is until its year is whole. */
  read(text: string): string | null
  /** Writes it into the address. */
  take(value: string): void
}

/**
 * The text of a field whose value stands in the address. It is taken when the typing pauses, so that not every key is a question.
 * Until then the field keeps what is in it: a field for a date that is put back for a moment begins at its first part again.
 */
export const useTyped = ({ given, read, take }: Typed): [string, (text: string) => void] => {
  const [typed, setTyped] = useState(given)
  const sent = useRef(given)
  const latest = useRef({ read, take })
  useEffect(() => {
    latest.current = { read, take }
  })
  useEffect(() => {
    if (sent.current !== given) setTyped(given)
    sent.current = given
  }, [given])
  useEffect(() => {
    const value = latest.current.read(typed)
    if (value === null || value === sent.current) return
    const timer = setTimeout(() => {
      sent.current = value
      latest.current.take(value)
    }, TYPING_MS)
    return () => clearTimeout(timer)
  }, [typed])
  return [typed, setTyped]
}
