import { useEffect, useState } from 'react'
import { useFormat } from '../i18n/preferences.tsx'
import classes from './parts.module.css'

interface InstantProps {
  at: string | null
  precision?: 'minute' | 'second' | 'ms'
}

/** An instant in the zone of the page; the whole of it, with the zone, for who points at it or listens. */
export const Instant = ({ at, precision = 'second' }: InstantProps) => {
  const format = useFormat()
  if (at === null) return <span className={classes.dimmed}>–</span>
  return (
    <time dateTime={at} title={`${format.full(at)} · ${at}`} className={classes.number}>
      {format.instant(at, precision)}
    </time>
  )
}

/** The present, every so often: for what is told as `in 5 minutes`. */
export const useNow = (everyMs = 1_000): number => {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}

export const Relative = ({ at }: { at: string | null }) => {
  const format = useFormat()
  const now = useNow()
  if (at === null) return <span className={classes.dimmed}>–</span>
  return (
    <time dateTime={at} title={`${format.full(at)} · ${at}`}>
      {format.relative(at, now)}
    </time>
  )
}

export const Span = ({ ms }: { ms: number | null }) => {
  const format = useFormat()
  return <span className={classes.number}>{ms === null ? '–' : format.span(ms)}</span>
}
