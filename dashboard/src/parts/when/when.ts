/** A wall clock and the zone that it hangs in, as a form holds them: what people announce, and what is kept. */
export interface WallClock {
  /** As a field for date and time has it; empty while it is not chosen. */
  local: string
  timeZone: string
  /** Which of two, where the clocks are changed then; empty asks. */
  disambiguation: '' | 'earlier' | 'later'
}

export interface LocalWhen {
  local: string
  timeZone: string
  disambiguation?: 'reject' | 'earlier' | 'later'
}

/** As the API takes it; null while no time is chosen. */
export const whenOf = ({ local, timeZone, disambiguation }: WallClock): LocalWhen | null =>
  local === '' ? null : { local, timeZone, ...(disambiguation !== '' && { disambiguation }) }

export const TIME_FORMS = ['now', 'delay', 'local', 'instant'] as const
export type TimeForm = (typeof TIME_FORMS)[number]

/** A time in any form, as a form holds it: what was typed in one stays while another is looked at. */
export interface TimeDraft {
  delay: string
  instant: string
  wall: WallClock
}

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone
export const NO_CLOCK: WallClock = { local: '', timeZone: ZONE, disambiguation: '' }
export const EMPTY_TIME: TimeDraft & { time: TimeForm } = {
  ...{ time: 'now', delay: '10m', instant: '', wall: NO_CLOCK },
}

/** The time in the form that was chosen; undefined for now, and for what is no form. */
export const timeOf = (draft: TimeDraft & { time: string }): unknown => {
  if (draft.time === 'delay') return { delay: draft.delay.trim() }
  if (draft.time === 'instant') return draft.instant.trim()
  if (draft.time === 'local') return whenOf(draft.wall) ?? { local: '', timeZone: draft.wall.timeZone }
  return undefined
}
