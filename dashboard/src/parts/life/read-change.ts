/** What the server says, in English, of a change that no attempt made; the names are those of the texts. */
const CHANGES = {
  'changed by request': 'changed',
  'tried again by request': 'retried',
  'moved: the rules of its time zone have changed': 'moved',
  'cancel requested too late: no further attempt begins': 'tooLate',
  'had neither a timer nor a job: planted again': 'replanted',
} as const
type Said = keyof typeof CHANGES

const isSaid = (text: string): text is Said => Object.hasOwn(CHANGES, text)

export interface ReadChange {
  change: (typeof CHANGES)[Said]
  /** The names of the fields that were edited, with commas between. */
  edited: string | null
  nextAttemptAt: string | null
}

/** Null for what says something else. */
export const readChange = (detail: string): ReadChange | null => {
  const [, whole = '', nextAttemptAt = null] = /^(.*?)(?:, next attempt (\S+))?$/su.exec(detail) ?? []
  const [, said = whole, edited = null] = /^(.* by request)(?:: |, edited: )(.+)$/su.exec(whole) ?? []
  return isSaid(said) ? { change: CHANGES[said], edited, nextAttemptAt } : null
}
