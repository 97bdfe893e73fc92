/**
 * How long a far side asks to be left alone, in milliseconds: `Retry-After` in seconds, or as a date. Null where it does
 * not say, or nothing that can be read. The date counts from the answer's own `Date`, as the clocks may differ.
 */
export const retryAfterMs = (
  retryAfter: string | undefined,
  date: string | undefined,
  nowMs: number = Date.now(),
): number | null => {
  const text = retryAfter?.trim() ?? ''
  if (/^\d+$/.test(text)) return Number(text) * 1000
  // Date.parse takes much that is no date of HTTP, "-5" among it: only what begins with a day's name is one.
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return null
  const atMs = Date.parse(text)
  if (Number.isNaN(atMs)) return null
  const answeredMs = Date.parse(date ?? '')
  return Math.max(0, atMs - (Number.isNaN(answeredMs) ? nowMs : answeredMs))
}
