import { spanAt, type Span } from './zone-spans.ts'

/** A rising series of wall-clock times that knows no zone, each read as UTC, in seconds since 1970. */
export interface WallSeries {
  /** The first one after `seconds`; Infinity where there is none. */
  next(seconds: number): number
}

/** How wall-clock times become instants where the clocks of the zone are changed. */
export interface SeriesRule {
  /** In IANA's spelling. */
  timeZone: string
  /** For times that do not exist: the instant at which clocks are put forward (once for all that fall there), or none. */
  gap: 'next' | 'skip'
  /** For times that come twice. */
  overlap: 'first' | 'both'
  /**
   * The series means elapsed time (every 15 minutes): it runs through both passes of an overlap, and a time in a gap is
   * dropped where the series has the same moment in the new time anyway.
   */
  isElapsed: boolean
}

export interface SeriesInstant {
  /** Seconds since 1970. */
  at: number
  /** What the clocks of the zone show then, read as UTC. */
  wall: number
  note: 'dst_gap' | 'dst_overlap' | null
}

/** A rule that is due each second, in the day that Samoa left out, would be asked for 86,400 times of it. */
const MAX_IN_GAP = 4000
const FAR_SECONDS = 4 * 86_400

/** The first instant of the series after `after`; undefined where there is none. Instants rise strictly. */
export function nextInstant(series: WallSeries, rule: SeriesRule, after: number): SeriesInstant | undefined {
  const repeats = rule.isElapsed || rule.overlap === 'both'
  // The last second of a span may be asked for what comes at its end: the run of a gap belongs to the span before it.
  let span = spanAt(rule.timeZone, after)
  let first = after + 1
  for (;;) {
    const end = span.until + span.offset
    let shown = first + span.offset
    // What clocks had shown before they were put back is over.
    if (!repeats) shown = Math.max(shown, span.from + span.before)
    const wall = series.next(shown - 1)
    if (wall < end) return { at: wall - span.offset, wall, note: isTwice(wall, span) ? 'dst_overlap' : null }
    if (wall < span.until + span.after && rule.gap === 'next' && isMissed(series, rule, wall, span)) {
      return { at: span.until, wall: span.until + span.after, note: 'dst_gap' }
    }
    const isShownAgain = repeats && span.after < span.offset
    if (wall === Infinity && !isShownAgain) return undefined
    // Spans in which nothing runs are jumped over.
    first = wall - end > FAR_SECONDS && !isShownAgain ? wall - FAR_SECONDS / 2 : span.until
    span = spanAt(rule.timeZone, first)
  }
}

/** Whether clocks show it in the span before or after, too. */
function isTwice(wall: number, span: Span): boolean {
  return wall < span.from + span.before || wall >= span.until + span.after
}

/** Whether a run is due for what falls into the gap at the end of the span; `wall` is the first of it. */
function isMissed(series: WallSeries, rule: SeriesRule, wall: number, span: Span): boolean {
  if (!rule.isElapsed) return true
  const length = span.after - span.offset
  const end = span.until + span.after
  let missing = wall
  for (let i = 0; missing < end && i < MAX_IN_GAP; i++) {
    if (series.next(missing + length - 1) !== missing + length) return true
    missing = series.next(missing)
  }
  return false
}
