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
