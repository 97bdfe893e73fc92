/** What lives such a life: is due, is tried, waits, is tried again, and ends. */
export type Kind = 'notification' | 'run'

/** The page with all of them. */
export type ListOf = '/notifications' | '/runs'
