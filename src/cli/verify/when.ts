/** `24h`, `7d`: how long ago. */
const AGO = /^(\d{1,6})(s|m|h|d|w)$/u
const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const
/** An instant, not a wall clock: without its offset it would be another moment on another machine. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/iu

/** An instant, or how long before `nowMs`, in milliseconds since 1970; null where it is neither. */
export const whenMs = (text: string, nowMs: number): number | null => {
  const ago = AGO.exec(text)
  if (ago !== null) return nowMs - Number(ago[1]) * UNIT_MS[ago[2] as keyof typeof UNIT_MS]
  const atMs = INSTANT.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(atMs) ? null : atMs
}
