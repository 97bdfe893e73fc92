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

/** Null for what says something else. */
export const readChange = (
  detail: string,
): { change: (typeof CHANGES)[Said]; nextAttemptAt: string | null } | null => {
  const [, said = '', nextAttemptAt = null] = /^(.*?)(?:, next attempt (\S+))?$/su.exec(detail) ?? []
  return isSaid(said) ? { change: CHANGES[said], nextAttemptAt } : null
}
