import { useCallback, useSyncExternalStore } from 'react'
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

const TICK_MS = 1_000
const watchers = new Set<() => void>()
let present = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

const tick = (): void => {
  present = Date.now()
  for (const watcher of watchers) watcher()
}

/** One clock for all of the page, which stands while nobody looks at it. */
const watch = (watcher: () => void): (() => void) => {
  if (watchers.size === 0) {
    present = Date.now()
    timer = setInterval(tick, TICK_MS)
  }
  watchers.add(watcher)
  return () => {
    watchers.delete(watcher)
    if (watchers.size === 0) clearInterval(timer)
  }
}

/** The present, every so often: for what is told as `in 5 minutes`. */
export const useNow = (everyMs = TICK_MS): number =>
  useSyncExternalStore(
    watch,
    useCallback(() => Math.floor(present / everyMs) * everyMs, [everyMs]),
  )

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
