/**
 * A time over which the clocks of a zone stand still against UTC. All in seconds: instants since 1970, offsets as what is
 * added to UTC. `before` and `after` are the offsets of the spans next to it; they equal `offset` where a block ends
 * (see below) without a change of clocks.
 */
export interface Span {
  from: number
  until: number
  offset: number
  before: number
  after: number
}

/** 1,461 days: spans are found for this long at a time, as most zones change twice a year for ever. */
const BLOCK_SECONDS = 1461 * 86_400
/**
 * Clocks are looked at this often. A change and its return within it would be missed: since 2000 the two nearest are a
 * week apart (Recife, 2000), and a test looks at every day of every zone.
 */
const SAMPLE_SECONDS = 3 * 86_400
/** Some 600 zones with a few blocks each are what schedules need; far years can be asked for at will. */
const MAX_BLOCKS = 4096

const blocks = new Map<string, readonly Span[]>()

/** The span that an instant lies in. A block is made in about a millisecond and kept; after that it is a look-up. */
export function spanAt(timeZone: string, seconds: number): Span {
  const number = Math.floor(seconds / BLOCK_SECONDS)
  const key = `${number} ${timeZone}`
  let spans = blocks.get(key)
  if (spans === undefined) {
    spans = findSpans(timeZone, number * BLOCK_SECONDS)
    if (blocks.size >= MAX_BLOCKS) blocks.clear()
    blocks.set(key, spans)
  }
  for (const span of spans) if (seconds < span.until) return span
  throw new Error(`no span of ${timeZone} holds ${seconds}`)
}

function findSpans(timeZone: string, start: number): readonly Span[] {
  const offsetAt = offsetReader(timeZone)
  const end = start + BLOCK_SECONDS
  const edges = [start]
  const offsets = [offsetAt(start)]
  for (let at = start; at < end;) {
    const next = Math.min(at + SAMPLE_SECONDS, end - 1)
    const offset = offsets[offsets.length - 1] ?? 0
    if (offsetAt(next) !== offset) {
      const edge = firstOther(offsetAt, offset, at, next)
      edges.push(edge)
      offsets.push(offsetAt(edge))
      at = edge
    } else if (next === end - 1) break
    else at = next
  }
  const before = offsetAt(start - 1)
  const after = offsetAt(end)
  return offsets.map((offset, i) => ({
    from: edges[i] ?? start,
    until: edges[i + 1] ?? end,
    offset,
    before: offsets[i - 1] ?? before,
    after: offsets[i + 1] ?? after,
  }))
}

/** The first second in (low, high] whose offset is not the one that holds at `low`. */
function firstOther(
  offsetAt: (seconds: number) => number,
  offset: number,
  low: number,
  high: number,
): number {
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(middle) === offset) low = middle
    else high = middle
  }
  return high
}

/**
 * By Intl, which holds the zone database of this runtime (Temporal's polyfill asks it too, five times more slowly).
 * Formatters are some 30 kB each, so none is kept: 600 zones would be a tenth of the memory of the process.
 */
function offsetReader(timeZone: string): (seconds: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  return (seconds) => {
    const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] = (
      format.format(seconds * 1000).match(/\d+/g) ?? []
    ).map(Number)
    return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - seconds
  }
}

/** What the clocks of a zone show at an instant, read as UTC, both in seconds since 1970. */
export function wallSecondsOf(timeZone: string, seconds: number): number {
  return seconds + spanAt(timeZone, seconds).offset
}
