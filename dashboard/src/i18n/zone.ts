const MINUTE = 60_000

const FIELDS: Intl.DateTimeFormatOptions = {
  ...{ hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
}

/** Making one takes a hundred times as long as using it. */
const formats = new Map<string, Intl.DateTimeFormat>()

/** What the clocks of a zone show, to the second: `2026-12-01T09:00:00`. */
export const clockOf = (at: number, timeZone: string): string => {
  let format = formats.get(timeZone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', { ...FIELDS, timeZone })
    formats.set(timeZone, format)
  }
  const p = Object.fromEntries(format.formatToParts(new Date(at)).map(({ type, value }) => [type, value]))
  return `${p['year']}-${p['month']}-${p['day']}T${p['hour']}:${p['minute']}:${p['second']}`
}

/** How far the zone's clocks are ahead of UTC at an instant. */
export const offsetMs = (at: number, timeZone: string): number =>
  new Date(`${clockOf(at, timeZone)}Z`).getTime() - Math.floor(at / 1000) * 1000

/** Of a wall clock the instants by the offsets before and after a change of the clocks near it, and which of them it shows. */
const readings = (local: string, timeZone: string) => {
  const asUtc = new Date(`${local}Z`).getTime()
  if (Number.isNaN(asUtc)) return []
  // The offset half a day to either side is that before and that after a change of the clocks.
  const offsets = [asUtc - 720 * MINUTE, asUtc + 720 * MINUTE].map((at) => offsetMs(at, timeZone))
  return [...new Set(offsets)].map((offset) => ({
    at: asUtc - offset,
    isShown: offsetMs(asUtc - offset, timeZone) === offset,
  }))
}

/** `2026-12-01T09:00` as a field for date and time has it → the instant, by the clocks of the zone; null for what is no time. In a gap the clocks after it hold, in an overlap those before. */
export const toInstant = (local: string, timeZone: string): string | null => {
  const all = readings(local, timeZone)
  const right = all.find(({ isShown }) => isShown) ?? all[0]
  return right === undefined ? null : new Date(right.at).toISOString()
}

/** The two instants that may be meant by a wall clock that does not exist, or comes twice; none where it is clear. The earlier comes first. */
export const candidatesOf = (local: string, timeZone: string): string[] => {
  const all = readings(local, timeZone)
  if (all.filter(({ isShown }) => isShown).length === 1) return []
  return all.map(({ at }) => new Date(at).toISOString()).toSorted()
}

/** The wall clock so much later, whatever the clocks of any zone do meanwhile. */
export const plusLocal = (local: string, ms: number): string =>
  new Date(new Date(`${local}Z`).getTime() + ms).toISOString().slice(0, 16)

/** The instant as a field for date and time takes it. */
export const toLocal = (instant: string, timeZone: string): string => {
  const at = new Date(instant).getTime()
  return Number.isNaN(at) ? '' : clockOf(at, timeZone).slice(0, 16)
}
