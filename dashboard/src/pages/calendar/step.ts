import type { View } from './gather.ts'

/** A day that a calendar has and that this one can show: until its year is typed, a field for a date tells of the year 2, 20 and 202. */
export const isDay = (text: string): boolean =>
  /^(?!9999)[1-9]\d{3}-\d{2}-\d{2}$/u.test(text) &&
  new Date(Date.parse(`${text}T00:00:00Z`) || 0).toISOString().startsWith(text)

const DAYS: Partial<Record<View, number>> = { day: 1, week: 7 }

/** The day that is shown one step on: a day, a week, or the first of the next month. */
export const stepped = (date: string, view: View, by: -1 | 1): string => {
  const day = new Date(`${date}T00:00:00Z`)
  const days = DAYS[view]
  if (days === undefined) day.setUTCMonth(day.getUTCMonth() + by, 1)
  else day.setUTCDate(day.getUTCDate() + by * days)
  return day.toISOString().slice(0, 10)
}
